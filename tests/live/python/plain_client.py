"""A client of nothing but Python's http.client, against whose rates torchgauge's are checked.

    python plain_client.py PORT PATH HEADERS < BODIES

HEADERS is an object of JSON. BODIES are request bodies, each behind its length in four bytes, little-endian. They are sent one
after the other over one connection. It prints JSON: how many were answered with 200, and seconds from the first to the last.
"""

import http.client
import json
import sys
import time


def bodies():
    content = sys.stdin.buffer.read()
    at = 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "little")
        yield content[at + 4 : at + 4 + length]
        at += 4 + length


def main():
    port, path, headers = int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
    waiting = list(bodies())
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.connect()
    answered = 0
    started_at = time.perf_counter()
    for body in waiting:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
        answered += response.status == 200
    print(json.dumps({"answered": answered, "seconds": time.perf_counter() - started_at}))


main()
