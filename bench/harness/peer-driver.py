"""Starts a cluster of the peer and runs a job for each line of JSON on the standard input; ends with the input.

usage: PEER_HOME=<scratch directory> python3 peer-driver.py <directory of cluster.py> <settings as JSON>
Answers lines "DRIVER {json}": first {"ready": true}, then for each job what the peer measured, or {"error": text}.
"""
import json
import sys

sys.path.insert(0, sys.argv[1])
from cluster import Cluster


def answer(value):
    print("DRIVER " + json.dumps(value), flush=True)


cluster = Cluster(name="flink-ts-bench", conf=json.loads(sys.argv[2]))
# Known once it has started; until then a process that is not there. A cluster that did not start in time is stopped as well:
# it would hold its ports, and take the jobs of the next.
cluster.jm = cluster.tm = 0
try:
    cluster.start()
    answer({"ready": True})
    for line in iter(sys.stdin.readline, ""):
        try:
            results = cluster.run(**json.loads(line))
            answer(results[0] if results else {"error": "the job gave no result"})
        except Exception as error:
            answer({"error": repr(error)})
finally:
    cluster.stop()
