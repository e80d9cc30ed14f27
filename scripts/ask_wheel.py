"""Serves with the command given and asks one question of the answering server.

Usage: python ask_wheel.py path/to/kizuna
"""

import json
import re
import subprocess
import sys
from urllib.request import Request, urlopen

QUESTION = '{ programme(id: "gcap") { leaders { nodes { id } } } }'


def ask(address: str) -> list[str]:
    """The leaders of GCAP, as the server at the address has them."""
    headers = {"content-type": "application/json"}
    request = Request(f"{address}graphql", json.dumps({"query": QUESTION}).encode(), headers)  # noqa: S310
    with urlopen(request) as answer:  # noqa: S310 (an address of our own)
        nodes = json.load(answer)["data"]["programme"]["leaders"]["nodes"]
    return [node["id"].rpartition("/")[2] for node in nodes]


def has_graphiql(address: str) -> bool:
    """Whether GraphiQL was built into the wheel, and is served."""
    page = urlopen(Request(f"{address}graphql", headers={"accept": "text/html"}))  # noqa: S310
    return b"/static/graphiql/main.js" in page.read()


def main(kizuna: str) -> None:
    """Exits with a message where the answer is not the expected one."""
    command = [kizuna, "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            found = re.search(r"http://\S+", server.stdout.readline() if server.stdout else "")
            leaders = ask(found[0]) if found else []
            graphiql = has_graphiql(found[0]) if found else False
        finally:
            server.terminate()
    if sorted(leaders) != ["italy", "japan", "united-kingdom"]:
        sys.exit(f"The wheel's server answered {leaders}.")
    without = "with GraphiQL" if graphiql else "but WITHOUT GraphiQL: the build says above why"
    sys.stdout.write(f"The wheel answers away from the checkout, {without}.\n")


if __name__ == "__main__":
    main(sys.argv[1])
