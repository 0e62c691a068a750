"""SubnetKit for Python: a subnet's mechanism as one class, run by a node as a program of its own.

Copy this file beside yours; it needs Python 3.8 and nothing else.

    #!/usr/bin/env python3
    import subnetkit

    class Sums(subnetkit.Mechanism):
        name = "sums"

        def task(self, round, random):
            pair = [random.randrange(1000), random.randrange(1000)]
            return subnetkit.Challenge(pair, expected=sum(pair))

        def forward(self, pair, context):
            return sum(pair)

        def score(self, answers, challenge, context):
            return [1.0 if answer.response == challenge.expected else 0.0 for answer in answers]

    subnetkit.run(Sums)

Then: `chmod +x sums.py`, `subnet plugin check ./sums.py`, `subnet up --plugin ./sums.py`.

Whom to ask, how scores become averages and averages weights, whom miners answer: `policy = subnetkit.Policy(...)`.

What you return is sent as JSON: numbers, texts, lists, dicts, and dataclasses, which arrive as dicts unless the class
names its `Request`, `Response` or `Expected` dataclass. Bytes are yours to encode, for example with base64. What
arrives from others was written by strangers: an exception that it causes costs only the one who wrote it.

A program runs confined: it reads its own folder and the system's, writes only to the folder it starts in, has no
network, no environment, and some seconds a call. `print` goes to the node's log.
"""

import dataclasses
import hashlib
import json
import math
import os
import random
import sys
import traceback
import typing

__all__ = ["Answer", "Challenge", "ForwardContext", "Mechanism", "MechanismError", "Policy", "Round", "Score", "ScoreContext", "run"]

PROTOCOL_VERSION = 1
#: Bytes of the longest message that a node sends.
REQUEST_LIMIT = 34 << 20


class MechanismError(Exception):
    """Says no, with a code: refused, busy, malformed_request, invalid_option, missing_input, failed."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


@dataclasses.dataclass(frozen=True)
class Round:
    """When and where a task is set; `number` counts the validator's rounds from 0."""

    number: int
    block: int
    netuid: int
    #: What the subnet's alpha cost at that block, in TAO; None where it has no pool.
    alpha_price: typing.Optional[float] = None


@dataclasses.dataclass(frozen=True)
class Challenge:
    """A task: what miners see, and what only the validator knows about it."""

    request: typing.Any
    #: Never leaves the validator.
    expected: typing.Any = None
    #: Blocks until the answers are scored; 0 scores them at once.
    scored_after: int = 0


@dataclasses.dataclass(frozen=True)
class ForwardContext:
    """Who asks a miner: a verified hotkey as hex, its slot or None, and the seconds that are left."""

    caller: str
    uid: typing.Optional[int]
    block: int
    time_remaining: float
    #: The miner's own hotkey as hex: a task that depends on it cannot be done once for two miners.
    miner: str = ""


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a miner answered: its verified hotkey as hex, its slot, the value, and the seconds it took."""

    miner: str
    uid: int
    response: typing.Any
    latency: float


@dataclasses.dataclass(frozen=True)
class ScoreContext:
    """When answers are scored, and how many seconds they could take."""

    round: Round
    block: int
    deadline: float
    #: What the subnet's alpha costs at `block`, in TAO; None where it has no pool.
    alpha_price: typing.Optional[float] = None

    def share(self, latency):
        """A latency as a share of the deadline, in 0...1."""
        return min(1.0, max(0.0, latency / self.deadline)) if self.deadline > 0 else 0.0


@dataclasses.dataclass(frozen=True)
class Score:
    """What one answer is worth, in 0...1, with a few words for the log. A plain number does as well."""

    value: float
    reason: str = ""


@dataclasses.dataclass(frozen=True)
class Policy:
    """What happens around a mechanism's functions. What is not stated stays as it is by default, which is in brackets.

        class Sums(subnetkit.Mechanism):
            policy = subnetkit.Policy(sample=8, share=0.3, decay="all", exclude_below=0.2)

    An operator's flags come on top: --sample and --timeout replace the first two, and --axon.deny, --axon.min-stake
    and --axon.require-permit can only make a miner stricter. What is out of range keeps the program from starting.
    """

    #: Validator: the most miners that a round asks, 1 to 256 (64).
    sample: typing.Optional[int] = None
    #: Validator: seconds that a miner has for its answer, 0.1 to 300 (3).
    deadline: typing.Optional[float] = None
    #: Validator: whether a miner that gives no answer is asked once more, within the same deadline (True).
    retry: typing.Optional[bool] = None
    #: Validator: the share of the newest score in a miner's average, above 0 to 1 (0.1). Say `decay` with it.
    share: typing.Optional[float] = None
    #: Validator: what a round does to those whom it did not ask: "untouched" keeps their averages, for "all" it counts
    #: as a score of 0 ("untouched"). The two give different winners.
    decay: typing.Optional[str] = None
    #: Validator: a weight is the average to this power, 0.001 to 100 (1). Above 1 the best stand out.
    power: typing.Optional[float] = None
    #: Validator: everybody below the highest average gets nothing (False). Not together with `power`.
    winner_takes_all: typing.Optional[bool] = None
    #: Validator: who is below this share of the best gets nothing, 0 to 1 (0).
    exclude_below: typing.Optional[float] = None
    #: Validator: this share of those with a weight, the lowest ones, gets nothing, 0 to below 1 (0).
    exclude_lowest: typing.Optional[float] = None
    #: Validator: hotkeys that get nothing, each an address or 64 hex digits (none).
    exclude: typing.Sequence[str] = ()
    #: Validator: the largest share of the weights that one miner may have, above 0 to 1 (1).
    clip: typing.Optional[float] = None
    #: Miner: hotkeys that are not answered, each an address or 64 hex digits (none).
    deny: typing.Sequence[str] = ()
    #: Miner: only holders of a validator permit are answered (False).
    permit_required: typing.Optional[bool] = None
    #: Miner: the stake weight in TAO that a caller must have (0).
    min_stake: typing.Optional[float] = None
    #: Miner: whom it answers first when it is busy, "stake" or "arrival" ("stake").
    priority: typing.Optional[str] = None


class Mechanism:
    """What a subnet is about. Give it a name and three functions; the rest can stay."""

    #: 1 to 64 of a-z 0-9 _ -.
    name = ""
    #: Raise it when old peers could not read the messages any more.
    version = 1
    #: One line.
    summary = ""
    #: Options and their defaults; `--option limit=5` sets `self.options["limit"]`. The default says the type.
    options: typing.Dict[str, typing.Any] = {}
    #: What happens around the functions; `__init__` may set it too, from the options.
    policy = Policy()
    #: Dataclasses for what arrives; dicts and lists without them.
    Request = None
    Response = None
    Expected = None

    def __init__(self, role, options):
        """Prepares for a role, "miner" or "validator": a miner loads its model here."""
        self.role = role
        self.options = options

    def task(self, round, random):
        """Sets a task; draw every choice from `random`. Runs on validators."""
        raise NotImplementedError

    def forward(self, request, context):
        """Does the work that a validator asks for. Runs on miners."""
        raise NotImplementedError

    def score(self, answers, challenge, context):
        """Says what the answers of one round are worth: one number or `Score` an answer, in the same order."""
        raise NotImplementedError

    def checkpoint(self):
        """What to find again after a restart; None when there is nothing."""
        return None

    def restore(self, memory):
        """Takes back what `checkpoint` said."""


def run(mechanism):
    """Serves a mechanism to the node that started this program, until the node ends it."""
    if os.isatty(0) or os.isatty(1):
        file = os.path.basename(sys.argv[0])
        sys.exit(
            f"{file}: this is a SubnetKit plugin; a node starts it. Try: subnet plugin check ./{file}\n"
            f"or: validator --plugin ./{file} and miner --plugin ./{file}"
        )
    channel = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # Only frames may be written to the node's pipe: whatever prints goes to the log.
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout.reconfigure(line_buffering=True)
    server = _Server(mechanism)
    while True:
        frame = _read_frame(channel)
        if frame is None:
            return
        answer = server.answer(frame)
        answers.write(len(answer).to_bytes(4, "big") + answer)
        answers.flush()


# --- What follows speaks the protocol of Proto/plugin.proto; there is nothing in it that an author calls.


class _Server:
    """Answers one request after another."""

    def __init__(self, mechanism):
        self.type = mechanism
        self.mechanism = None

    def answer(self, frame):
        fields = _decode(frame)
        number = _integer(fields, 1)
        try:
            for request, serve in self._requests.items():
                if request in fields:
                    return _message((1, number), (request, serve(self, _decode(fields[request][-1]))))
            raise MechanismError("failed", "this module does not know the request; take a newer subnetkit.py")
        except MechanismError as error:
            code, message = error.code, str(error)
        except Exception as error:  # Whatever the author's code throws is an answer, not an end.
            traceback.print_exc()
            code, message = "failed", f"{type(error).__name__}: {str(error)[:200]}{_place(error)}"
        return _message((1, number), (17, _message((1, code), (2, message[:300]))))

    def hello(self, fields):
        options = "".join(
            f"  {name}={type(default).__name__}  (default {default})\n" for name, default in self.type.options.items()
        )
        return _message(
            (1, PROTOCOL_VERSION), (2, self.type.name), (3, self.type.version), (4, self.type.summary), (5, options), (6, 1)
        )

    def set_up(self, fields):
        role = {1: "miner", 2: "validator"}.get(_integer(fields, 1))
        if role is None:
            raise MechanismError("failed", "the node did not say whether this is a miner or a validator")
        self.mechanism = self.type(role, _options(self.type.options, [text.decode() for text in fields.get(2, [])]))
        policy = _policy(self.mechanism.policy)
        return _message((1, policy)) if policy else b""

    def make_task(self, fields):
        challenge = self.mechanism.task(_round(_decode(_bytes(fields, 1))), random.Random(_integer(fields, 2)))
        if not isinstance(challenge, Challenge):
            challenge = Challenge(challenge)
        return _message((1, _to_json(challenge.request)), (2, _to_json(challenge.expected)), (3, challenge.scored_after))

    def forward(self, fields):
        try:
            request = _from_json(_bytes(fields, 1), self.type.Request)
        except ValueError as error:
            raise MechanismError("malformed_request", str(error)) from None
        context = ForwardContext(
            caller=_bytes(fields, 2).hex(),
            uid=_integer(fields, 3) if _integer(fields, 4) else None,
            block=_integer(fields, 5),
            time_remaining=_integer(fields, 6) / 1e3,
            miner=_bytes(fields, 7).hex(),
        )
        return _message((1, _to_json(self.mechanism.forward(request, context))))

    def score(self, fields):
        context = ScoreContext(
            _round(_decode(_bytes(fields, 1))), _integer(fields, 2), _integer(fields, 3) / 1e3, _price(fields, 6, 7)
        )
        task = _decode(_bytes(fields, 4))
        challenge = Challenge(
            _from_json(_bytes(task, 1), self.type.Request), _from_json(_bytes(task, 2), self.type.Expected), _integer(task, 3)
        )
        worths = [Score(0.0)] * len(fields.get(5, []))
        readable = []
        for index, answer in enumerate(map(_decode, fields.get(5, []))):
            try:
                response = _from_json(_bytes(answer, 4), self.type.Response)
            except ValueError as error:
                worths[index] = Score(0.0, f"malformed_response: {error}")
                continue
            answer = Answer(_bytes(answer, 1).hex(), _integer(answer, 2), response, _integer(answer, 3) / 1e6)
            readable.append((index, answer))
        scores = self._judge([answer for _, answer in readable], challenge, context)
        for (index, _), score in zip(readable, scores):
            worths[index] = score
        return b"".join(_field(1, _message((1, round(worth.value * 1e9)), (2, worth.reason[:200]))) for worth in worths)

    def _judge(self, answers, challenge, context):
        """One answer may be made to break the scoring; it is worth zero and must not take the others with it."""
        if not answers:
            return []
        try:
            return self._ask(answers, challenge, context)
        except Exception as failure:
            scores, sound = [Score(0.0)] * len(answers), []
            for index, answer in enumerate(answers):
                try:
                    self._ask([answer], challenge, context)
                    sound.append(index)
                except Exception as error:
                    scores[index] = Score(0.0, f"{type(error).__name__}: {error}")
            # When all fail, or none does alone, it is not the doing of one answer.
            if not sound or len(sound) == len(answers):
                raise failure
            for index, score in zip(sound, self._ask([answers[index] for index in sound], challenge, context)):
                scores[index] = score
            return scores

    def _ask(self, answers, challenge, context):
        scores = list(self.mechanism.score(answers, challenge, context))
        if len(scores) != len(answers):
            raise MechanismError("invalid_score", f"there are {len(scores)} scores for {len(answers)} answers")
        return [_checked(score) for score in scores]

    def checkpoint(self, fields):
        memory = self.mechanism.checkpoint()
        return b"" if memory is None else _message((1, 1), (2, _to_json(memory)))

    def restore(self, fields):
        self.mechanism.restore(_from_json(_bytes(fields, 1), None))
        return b""

    #: By the number of the request, which is the number of its answer.
    _requests = {10: hello, 11: set_up, 12: make_task, 13: forward, 14: score, 15: checkpoint, 16: restore}


def _place(error):
    """Where in the author's code it happened; nothing for what happened elsewhere."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    return f" ({os.path.basename(frames[-1].filename)}, line {frames[-1].lineno}, in {frames[-1].name})" if frames else ""


def _checked(score):
    if not isinstance(score, Score):
        score = Score(float(score))
    if not (math.isfinite(score.value) and 0 <= score.value <= 1):
        raise MechanismError("invalid_score", f"a score is a number in 0...1, and this one is {score.value}")
    return score


def _options(defaults, texts):
    """Reads name=value texts by the types of their defaults."""
    options = dict(defaults)
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or name not in defaults:
            known = ", ".join(sorted(defaults)) or "none"
            raise MechanismError("invalid_option", f"there is no option {text!r}; known: {known}")
        kind = type(defaults[name])
        try:
            options[name] = {"true": True, "false": False}[value] if kind is bool else kind(value)
        except (KeyError, ValueError):
            raise MechanismError("invalid_option", f"the option {name} takes {kind.__name__}, and {value!r} is none") from None
    return options


_BILLION = 10**9
_DECAYS = ("untouched", "all")
_PRIORITIES = ("stake", "arrival")
_ADDRESS_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _policy(policy):
    """The fields of a PluginPolicy, and the refusal of what it cannot mean."""
    if not isinstance(policy, Policy):
        raise _refused(f"the mechanism's policy is a {type(policy).__name__}; write policy = subnetkit.Policy(...)")
    if (policy.share is None) != (policy.decay is None):
        stated, other = ("decay", "share") if policy.share is None else ("share", "decay")
        known = '; it is "untouched" or "all"' if other == "decay" else ""
        raise _refused(f"the policy has a {stated} and no {other}{known}")
    if policy.winner_takes_all and policy.power is not None:
        raise _refused("the policy has a power and winner_takes_all; a weight is made in one way")
    fields = (
        (1, _number(policy, "sample", 1, 256, whole=True)),
        (2, _number(policy, "deadline", 0.1, 300, unit=1000)),
        (3, policy.retry is not None and not _flag(policy, "retry")),
        (4, _number(policy, "share", 0, 1, unit=_BILLION, excluded=0)),
        (5, _word(policy, "decay", _DECAYS)),
        (6, _number(policy, "power", 0.001, 100, unit=10**6)),
        (7, _flag(policy, "winner_takes_all")),
        (8, _number(policy, "exclude_below", 0, 1, unit=_BILLION)),
        (9, _number(policy, "exclude_lowest", 0, 1, unit=_BILLION, excluded=1)),
        *((10, hotkey) for hotkey in _hotkeys(policy, "exclude")),
        (11, _number(policy, "clip", 0, 1, unit=_BILLION, excluded=0)),
        *((12, hotkey) for hotkey in _hotkeys(policy, "deny")),
        (13, _flag(policy, "permit_required")),
        (14, _number(policy, "min_stake", 0, 2**63 / _BILLION, unit=_BILLION)),
        (15, _word(policy, "priority", _PRIORITIES)),
    )
    return _message(*((number, int(value) if isinstance(value, bool) else value) for number, value in fields if value))


def _refused(sentence):
    return MechanismError("invalid_policy", sentence)


def _number(policy, name, low, high, unit=1, whole=False, excluded=None):
    """A number of the policy in the protocol's unit; 0 for one that is not stated."""
    value = getattr(policy, name)
    if value is None:
        return 0
    kinds, kind = ((int,), "a whole number") if whole else ((int, float), "a number")
    if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high or value == excluded:
        bound = f", {excluded} excluded" if excluded is not None else ""
        raise _refused(f"the policy's {name} is {value!r}; it is {kind} from {low:g} to {high:g}{bound}")
    # What is over 0 must not become 0, which stands for what is not stated.
    return max(round(value * unit), 1) if value else 0


def _flag(policy, name):
    value = getattr(policy, name)
    if value is not None and not isinstance(value, bool):
        raise _refused(f"the policy's {name} is {value!r}; it is True or False")
    return bool(value)


def _word(policy, name, known):
    value = getattr(policy, name)
    if value is not None and value not in known:
        raise _refused(f"the policy's {name} is {value!r}; it is " + " or ".join(f'"{word}"' for word in known))
    return value or ""


def _hotkeys(policy, name):
    texts = getattr(policy, name)
    if isinstance(texts, str) or not all(isinstance(text, str) for text in texts):
        raise _refused(f"the policy's {name} is {texts!r}; it is a list of hotkeys, each a text")
    if len(texts) > 1024:
        raise _refused(f"the policy's {name} has {len(texts)} hotkeys; 1024 are taken at most")
    return [_hotkey(text, name) for text in texts]


def _hotkey(text, name):
    """The 32 bytes of a hotkey that is written as hex or as an address (SS58: base 58 with a checksum)."""
    try:
        if len(text) == 64:
            return bytes.fromhex(text)
        number = 0
        for digit in text:
            number = number * 58 + _ADDRESS_DIGITS.index(digit)
        content = number.to_bytes(35, "big")
        if content[0] == 42 and hashlib.blake2b(b"SS58PRE" + content[:-2]).digest()[:2] == content[-2:]:
            return content[1:-2]
    except (ValueError, OverflowError):
        pass
    raise _refused(f"the policy's {name} has {text!r}, which is neither a hotkey's address nor 64 hex digits")


def _to_json(value):
    text = json.dumps(value, allow_nan=False, separators=(",", ":"), sort_keys=True, default=_plain)
    return text.encode()


def _plain(value):
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be sent; use numbers, texts, lists, dicts or dataclasses")


def _from_json(content, kind):
    """Reads a stranger's value; every way in which it can be wrong is a ValueError."""
    try:
        value = json.loads(content.decode(), parse_constant=_no_number, parse_float=_finite)
        return value if kind is None else _as(kind, value)
    except (ValueError, RecursionError) as error:
        raise ValueError(str(error) or "nested too deeply") from None


def _no_number(text):
    raise ValueError(f"{text} is no number")


def _finite(text):
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _as(kind, value):
    """Fills a dataclass from a dict of the right names; plain types of its fields are checked."""
    if not isinstance(value, dict):
        raise ValueError(f"a {kind.__name__} is a dict")
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        hint = hints.get(field.name)
        if field.name not in value:
            continue
        if hint is float and type(value[field.name]) is int:
            value[field.name] = float(value[field.name])
        if hint in (int, float, str, bool, list, dict) and type(value[field.name]) is not hint:
            raise ValueError(f"{field.name} of a {kind.__name__} is a {hint.__name__}")
    try:
        return kind(**value)
    except (TypeError, OverflowError) as error:
        raise ValueError(str(error)) from None


def _round(fields):
    return Round(_integer(fields, 1), _integer(fields, 2), _integer(fields, 3), _price(fields, 4, 5))


def _price(fields, tao, alpha):
    tao, alpha = _integer(fields, tao), _integer(fields, alpha)
    return tao / alpha if tao and alpha else None


# --- Protobuf, as far as the protocol needs it: whole numbers and bytes by field number.


def _read_frame(channel):
    head = channel.read(4)
    if len(head) < 4:
        return None
    length = int.from_bytes(head, "big")
    if length > REQUEST_LIMIT:
        sys.exit(f"the node announced a frame of {length} bytes; the limit is {REQUEST_LIMIT}")
    frame = channel.read(length)
    return frame if len(frame) == length else None


def _decode(data):
    """Field numbers with all their values, whole numbers or bytes."""
    fields = {}
    position = 0
    while position < len(data):
        tag, position = _read_varint(data, position)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, position = _read_varint(data, position)
        elif kind == 2:
            length, position = _read_varint(data, position)
            if position + length > len(data):
                raise ValueError("a message is cut")
            value = bytes(data[position : position + length])
            position += length
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
            value = bytes(data[position : position + length])
            position += length
        else:
            raise ValueError("a message has a field of an unknown kind")
        fields.setdefault(number, []).append(value)
    return fields


def _read_varint(data, position):
    value = shift = 0
    while True:
        if position >= len(data) or shift > 63:
            raise ValueError("a message is cut")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7


def _integer(fields, number):
    return fields.get(number, [0])[-1]


def _bytes(fields, number):
    return fields.get(number, [b""])[-1]


def _varint(value):
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _field(number, value):
    """A field by its number; texts and bytes are written even when empty, whole numbers when not 0."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value) if value else b""
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _message(*fields):
    return b"".join(_field(number, value) for number, value in fields)
