import Daemon
import Testing

@Suite struct ArgumentTests {
  enum Size: String, CaseIterable { case small, large }

  static let blockTime = Option(
    "block-time", .duration(.milliseconds(10) ... .seconds(600)), default: .seconds(12), purpose: "Time between blocks."
  )
  static let netuid = Option(optional: "netuid", ValueKind<UInt16>.integer(), purpose: "The subnet.")
  static let endpoint = Option(required: "chain.endpoint", .text("ENDPOINT"), purpose: "Where the chain is.")
  static let peers = Option(repeating: "peer", .text("ENDPOINT"), purpose: "Another node.")
  static let limit = Option(
    "limit", .integer(1...64), default: 8, unit: "requests", purpose: "Most requests at a time.")
  static let json = Option(flag: "json", purpose: "Write for machines.")
  static let size = Option("size", ValueKind<Size>.name, default: .small, purpose: "How big.")

  static let run = CommandDescription(
    "run", purpose: "Runs a node.", options: [blockTime, netuid, endpoint, peers, limit, json, size],
    positionals: [.init("FILE", purpose: "A file.", isRequired: false)],
    example: "chain run --chain.endpoint tcp://127.0.0.1:9944")
  static let table = CommandDescription(
    "chain", purpose: "Makes and keeps blocks.",
    commands: [run, CommandDescription("verify", purpose: "Checks the store.", example: "chain verify")],
    example: "chain run")

  func parse(_ words: String..., environment: [String: String] = [:]) throws -> ParsedArguments {
    guard case .run(let parsed) = try Self.table.parse(words, environment: environment) else {
      throw Failure.helpInsteadOfRun
    }
    return parsed
  }

  func reason(_ words: String..., environment: [String: String] = [:]) -> UsageError.Reason? {
    do throws(UsageError) {
      _ = try Self.table.parse(words, environment: environment)
      return nil
    } catch {
      return error.reason
    }
  }

  enum Failure: Error { case helpInsteadOfRun }

  @Test func valuesComeTypedAndDefaultsFillTheRest() throws {
    let parsed = try parse(
      "run", "--block-time=250ms", "--netuid", "7", "--chain.endpoint", "x", "--peer", "a", "--peer=b", "--json", "f")
    #expect(parsed.command == ["chain", "run"])
    #expect(parsed[Self.blockTime] == .milliseconds(250))
    #expect(parsed[Self.netuid] == 7)
    #expect(parsed[Self.endpoint] == "x")
    #expect(parsed[Self.peers] == ["a", "b"])
    #expect(parsed[Self.limit] == 8)
    #expect(parsed[Self.json])
    #expect(parsed[Self.size] == .small)
    #expect(parsed.positionals == ["f"])
    #expect(parsed.isGiven(Self.netuid) && !parsed.isGiven(Self.limit))
  }

  @Test func aLetterStandsForItsFlagAfterOneDashOnly() throws {
    let follow = Option(flag: "follow", letter: "f", purpose: "Go on.")
    let table = CommandDescription("logs", purpose: "Show logs.", options: [follow], example: "logs -f")
    guard case .run(let short) = try table.parse(["-f"]), case .run(let long) = try table.parse(["--follow"]),
      case .run(let off) = try table.parse(["-f=false"])
    else { throw Failure.helpInsteadOfRun }
    #expect(short[follow] && long[follow] && !off[follow])
    #expect(throws: UsageError.self) { try table.parse(["--f"]) }
    #expect(throws: UsageError.self) { try table.parse(["-follow"]) }
    #expect(table.helpText(path: ["logs"]).contains("-f, --follow"))
  }

  @Test func flagsWinOverEnvironmentWhichWinsOverDefaults() throws {
    let environment = [
      "SUBNETKIT_BLOCK_TIME": "1s", "SUBNETKIT_LIMIT": "3", "SUBNETKIT_CHAIN_ENDPOINT": "e", "SUBNETKIT_PEER": "p,q",
      "SUBNETKIT_JSON": "yes",
    ]
    let parsed = try parse("run", "--block-time", "2m", "--json=false", environment: environment)
    #expect(parsed[Self.blockTime] == .seconds(120))
    #expect(parsed[Self.limit] == 3)
    #expect(parsed[Self.endpoint] == "e")
    #expect(parsed[Self.peers] == ["p", "q"])
    #expect(!parsed[Self.json])
    #expect(
      parsed.origins == [
        .init(name: "block-time", value: "2m", source: .flag),
        .init(name: "chain.endpoint", value: "e", source: .environment("SUBNETKIT_CHAIN_ENDPOINT")),
        .init(name: "peer", value: "p,q", source: .environment("SUBNETKIT_PEER")),
        .init(name: "limit", value: "3", source: .environment("SUBNETKIT_LIMIT")),
        .init(name: "json", value: "false", source: .flag),
        .init(name: "size", value: "small", source: .preset),
      ])
  }

  @Test func anUnknownOptionNamesTheNearestKnownOne() {
    #expect(reason("run", "--blok-time", "1s") == .unknownOption("--blok-time", nearest: "block-time"))
    #expect(reason("run", "--zzzzzzzz") == .unknownOption("--zzzzzzzz", nearest: nil))
    #expect(reason("run", "-netuid", "1") == .unknownOption("-netuid", nearest: "netuid"))
  }

  @Test func aBadOrMissingValueSaysWhatIsExpected() {
    #expect(
      reason("run", "--chain.endpoint", "x", "--limit", "65")
        == .badValue(option: "limit", value: "65", expected: "a whole number from 1 to 64", source: .flag))
    #expect(
      reason("run", "--chain.endpoint", "x", environment: ["SUBNETKIT_NETUID": "seven"])
        == .badValue(
          option: "netuid", value: "seven", expected: "a whole number from 0 to 65535",
          source: .environment("SUBNETKIT_NETUID")))
    #expect(reason("run", "--limit") == .missingValue(option: "limit", expected: "a whole number from 1 to 64"))
    #expect(
      reason("run", "--limit", "--json") == .missingValue(option: "limit", expected: "a whole number from 1 to 64"))
    #expect(reason("run") == .missingOption("chain.endpoint", expected: "a text that is not empty"))
    #expect(
      reason("run", "--chain.endpoint", "x", "--json=maybe")
        == .badValue(option: "json", value: "maybe", expected: "true or false", source: .flag))
  }

  @Test func wordsOutOfPlaceAreRefused() {
    #expect(reason("vrify") == .unknownCommand("vrify", nearest: "verify", known: ["run", "verify"]))
    #expect(reason() == .missingCommand(known: ["run", "verify"]))
    #expect(reason("run", "--chain.endpoint", "x", "a", "b") == .unexpectedArgument("b"))
  }

  @Test func afterTwoDashesEverythingIsToldByItsPlace() throws {
    #expect(try parse("run", "--chain.endpoint", "x", "--", "--json").positionals == ["--json"])
  }

  @Test func aHostileValueIsShownEscaped() {
    let error = UsageError(
      .badValue(option: "limit", value: "\u{1B}[2J\n", expected: "a number", source: .flag), command: ["chain"])
    #expect(error.description == #"--limit is "\u001b[2J\u000a": expected a number. See: chain --help"#)
  }

  @Test func helpShowsEveryOptionWithItsDefaultAndUnit() throws {
    guard case .help(let text) = try Self.table.parse(["run", "--help"]) else {
      Issue.record("no help")
      return
    }
    #expect(
      text == """
        chain run: Runs a node.

        Usage: chain run --chain.endpoint ENDPOINT [options] [FILE]

        Arguments:
          FILE  A file.

        Options:
          --block-time DURATION      Time between blocks. (default 12s)
          --netuid N                 The subnet.
          --chain.endpoint ENDPOINT  Where the chain is. (required)
          --peer ENDPOINT            Another node. (may be repeated)
          --limit N                  Most requests at a time. (default 8 requests)
          --json                     Write for machines.
          --size small|large         How big. (default small)
          --help                     Show this text.

        Every option may also be set in the environment: --block-time as SUBNETKIT_BLOCK_TIME.

        Example:
          chain run --chain.endpoint tcp://127.0.0.1:9944

        """)
  }

  @Test(arguments: [
    ("250ms", Duration.milliseconds(250)), ("12s", .seconds(12)), ("2m", .seconds(120)), ("1h", .seconds(3600)),
    ("0s", .zero), ("1500ms", .milliseconds(1500)),
  ]) func durationsParseAndPrint(text: String, value: Duration) {
    #expect(Duration(text: text) == value)
    #expect(Duration(text: value.text) == value)
  }

  @Test(arguments: ["", "12", "s", "-1s", "1.5s", "1 s", "9223372036854775807h", "99999999999999999999s", "٣s"])
  func otherTextIsNoDuration(text: String) { #expect(Duration(text: text) == nil) }

  @Test func aProgramTurnsErrorsIntoExitCodes() async {
    struct Broken: ExitCoding { var exitCode: ExitCode { .damagedData } }
    struct Other: Error {}
    let output = RecordedLog()
    func code(_ words: [String], _ body: @Sendable @escaping () throws -> ExitCode = { .done }) async -> ExitCode {
      await outcome(
        of: Self.table, arguments: words, environment: [:], output: { output.write(Array("out \($0)".utf8)) },
        errorOutput: { output.write(Array("err \($0)".utf8)) }
      ) { _ in try body() }
    }
    #expect(await code(["verify"]) == .done)
    #expect(await code(["verify"]) { throw Broken() } == .damagedData)
    #expect(await code(["verify"]) { throw Other() } == .failed)
    #expect(await code(["verify"]) { throw CancellationError() } == .done)
    #expect(await code(["verify", "--x"]) == .usage)
    #expect(output.lines.last == "err chain: unknown option \"--x\". See: chain verify --help")
    #expect(await code(["--help"]) == .done)
    #expect(output.lines.last?.hasPrefix("out chain: Makes and keeps blocks.") == true)
  }
}
