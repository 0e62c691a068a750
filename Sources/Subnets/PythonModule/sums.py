#!/usr/bin/env python3
"""The smallest subnet in Python: miners add numbers, validators check the sum and value speed a little.

Copy it together with subnetkit.py, and change what you need.
"""

import dataclasses

import subnetkit


@dataclasses.dataclass
class Task:
    numbers: list


@dataclasses.dataclass
class Result:
    sum: int


class Sums(subnetkit.Mechanism):
    name = "sums"
    summary = "miners add numbers"
    options = {"count": 8}
    Request = Task
    Response = Result

    def task(self, round, random):
        numbers = [random.randrange(1_000_000) for _ in range(self.options["count"])]
        return subnetkit.Challenge(Task(numbers), expected=sum(numbers))

    def forward(self, task, context):
        return Result(sum(task.numbers))

    def score(self, answers, challenge, context):
        return [self.worth(answer, challenge.expected, context) for answer in answers]

    def worth(self, answer, expected, context):
        if answer.response.sum != expected:
            return subnetkit.Score(0.0, "wrong sum")
        return subnetkit.Score(1.0 - 0.1 * context.share(answer.latency))


if __name__ == "__main__":
    subnetkit.run(Sums)
