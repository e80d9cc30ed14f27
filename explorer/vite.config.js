import { defineConfig } from "vite";

// The page names the script and the style; what they load has a hash in its name.
function assetFileNames({ names }) {
  return names.includes("style.css") ? "style.css" : "[name]-[hash][extname]";
}

// Everything is a file of ours, under one address: the page's policy allows nothing else.
export default defineConfig({
  base: "/static/graphiql/",
  logLevel: "error",
  build: {
    outDir: "../api/kizuna/http/static/graphiql",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 10_000,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: "main.jsx",
      output: { entryFileNames: "main.js", assetFileNames },
    },
  },
});
