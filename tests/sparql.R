# Asks an endpoint the query on the standard input, by R's package SPARQL, and prints the rows.
# Usage: Rscript sparql.R ENDPOINT xml|csv

suppressPackageStartupMessages(library(SPARQL))
arguments <- commandArgs(trailingOnly = TRUE)
query <- paste(readLines(file("stdin"), encoding = "UTF-8"), collapse = "\n")
answer <- SPARQL(
  arguments[1], query,
  format = arguments[2], extra = list(format = arguments[2]), curl_args = list(.encoding = "UTF-8")
)
write.table(answer$results, sep = "\t", quote = FALSE, row.names = FALSE, col.names = FALSE)
