"""Executes the definitions on LocalEmu, whose tasks answer what cases.json says, and compares with `maestro asl run`:
which states were entered, how it ended, and with what. A second opinion, asked for on demand; see README.md.

Usage: compare.py MAESTRO ENDPOINT STATE_MACHINES, with SFN_MOCK_CONFIG of the server made by `compare.py --mocks`.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
CASES = json.loads((HERE / "cases.json").read_text())
ROLE = "arn:aws:iam::000000000000:role/second-opinion"
NAMES = {
    "CompensateFunction": "compensate",
    "GateFunction": "gate",
    "IntakeFunction": "intake",
    "PersonaQueueUrlPrefix": "http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/",
    "PhaseFunctionPrefix": "phase-",
    "PhaseStateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:phase",
    "PublishFunction": "publish",
    "VerifyQueueUrl": "http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/verify",
}


def mocks():
    """The cases as the server wants them. It counts answers by state, over iterations, as ours does; the last repeats."""
    machines, responses = {}, {}
    for case in CASES:
        states = {}
        for state, answers in case["mocks"].items():
            key = f"{case['name']}-{state}"
            answers = answers if isinstance(answers, list) else [answers]
            told = [
                {"Return": one["output"]} if "output" in one else {"Throw": {"Error": one["error"], "Cause": one["cause"]}}
                for one in answers
            ]
            last = len(told) - 1
            responses[key] = {str(n): one for n, one in enumerate(told[:-1])} | {f"{last}-{last + 20}": told[-1]}
            states[state] = key
        machines.setdefault(case["definition"], {"TestCases": {}})["TestCases"][case["name"]] = states
    return {"StateMachines": machines, "MockedResponses": responses}


def ours(maestro, folder, case):
    """Names of the states that our interpreter enters, sorted, and how it ends."""
    with tempfile.TemporaryDirectory() as scratch:
        given, answers = Path(scratch) / "input.json", Path(scratch) / "mocks.json"
        given.write_text(json.dumps(case["input"]))
        answers.write_text(json.dumps(case["mocks"]))
        ran = subprocess.run(
            [maestro, "asl", "run", f"{folder}/{case['definition']}.asl.json", "--json", "--input", given, "--mocks", answers],
            capture_output=True,
            text=True,
        )
    if ran.returncode == 2:
        raise SystemExit(ran.stderr)
    told = json.loads(ran.stdout)
    entered = sorted(e["name"] for e in told["history"] if e["type"].endswith("StateEntered"))
    return entered, told["status"], told.get("output"), told.get("error")


def theirs(client, machine, case):
    arn = client.start_execution(stateMachineArn=f"{machine}#{case['name']}", input=json.dumps(case["input"]))["executionArn"]
    deadline = time.monotonic() + 120
    while (found := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
        if time.monotonic() > deadline:
            raise SystemExit(f"{case['name']}: it does not end")
        time.sleep(0.2)
    events = client.get_paginator("get_execution_history").paginate(executionArn=arn)
    events = [event for page in events for event in page["events"]]
    entered = sorted(e["stateEnteredEventDetails"]["name"] for e in events if e["type"].endswith("StateEntered"))
    output = json.loads(found["output"]) if "output" in found else None
    return entered, found["status"], output, found.get("error")


def main(maestro, endpoint, folder):
    import boto3

    client = boto3.client(
        "stepfunctions", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    machines = {}
    for name in sorted({case["definition"] for case in CASES}):
        text = Path(f"{folder}/{name}.asl.json").read_text()
        for key, value in NAMES.items():
            text = text.replace("${" + key + "}", value)
        machines[name] = client.create_state_machine(name=name, definition=text, roleArn=ROLE)["stateMachineArn"]
    differ = 0
    for case in CASES:
        one, other = ours(maestro, folder, case), theirs(client, machines[case["definition"]], case)
        parts = zip(("states", "status", "output", "error"), one, other)
        different = [f"{part}: ours {a!r}, theirs {b!r}" for part, a, b in parts if a != b]
        print(f"{case['name']}: {'; '.join(different) if different else f'the same, {len(one[0])} states'}")
        differ += bool(different)
    raise SystemExit(f"{differ} of {len(CASES)} differ" if differ else 0)


if __name__ == "__main__":
    if sys.argv[1:] == ["--mocks"]:
        print(json.dumps(mocks()))
    else:
        main(*sys.argv[1:])
