import Daemon
import Glibc
import JSONText
import Testing

/// `subnet test` as a user runs it.
@Suite(.timeLimit(.minutes(30))) struct ScenarioCommandTests {
  private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    .joined(separator: "/")

  private static func run(_ line: String, in folder: TemporaryFolder) async throws -> CommandRun.Outcome {
    try await CommandRun.finish(line, in: folder)
  }

  private static func file(_ text: String, in folder: TemporaryFolder) throws -> String {
    let path = folder.path + "/scenario.json5"
    try AtomicFile(path, mode: 0o644).write(Array(text.utf8))
    return path
  }

  /// One after another: each has a dozen processes. In the simulated world all are held by tests of their own.
  ///
  /// The one of text is not among them: it compares means of noisy scores, and on a loaded machine an epoch has too few
  /// rounds to tell a good model from a plain one.
  @Test(
    .serialized,
    arguments: [
      ("adder", "simulated"), ("adder", "process"), ("storage", "process"),
      ("compute", "process"), ("forecast", "process"),
    ]) func oneFileHoldsInBothWorlds(name: String, world: String) async throws
  {
    let folder = try TemporaryFolder()
    let file = "\(Self.root)/Tests/Scenarios/\(name).json5"
    let report = folder.path + "/junit.xml"
    let outcome = try await Self.run("subnet test \(file) --world \(world) --json --junit \(report)", in: folder)
    #expect(outcome.status == .exited(0), "\(outcome.output) \(outcome.errors)")
    let verdict = try JSONValue(parsing: try #require(outcome.lines.last))
    #expect(verdict["passed"] == .flag(true))
    #expect(verdict["world"] == .text(world))
    let junit = String(decoding: try AtomicFile(report).read(limit: 1 << 20), as: UTF8.self)
    #expect(junit.contains("failures=\"0\" errors=\"0\""))
  }

  @Test func oneSeedGivesOneStateRootInEveryProcess() async throws {
    let folder = try TemporaryFolder()
    let file = "\(Self.root)/Tests/Scenarios/adder.json5"
    var roots: [JSONValue?] = []
    for _ in 0..<2 {
      let outcome = try await Self.run("subnet test \(file) --seed 21 --json", in: folder)
      #expect(outcome.status == .exited(0), "\(outcome.output) \(outcome.errors)")
      roots.append(try JSONValue(parsing: try #require(outcome.lines.last))["state_root"])
    }
    #expect(roots[0] != nil)
    #expect(roots[0] == roots[1])
  }

  @Test(arguments: ["simulated", "process"]) func anExpectationThatFailsIsExitCodeOne(world: String) async throws {
    let folder = try TemporaryFolder()
    let path = try Self.file(
      """
      { network: { subnet: 'adder' }, validators: 1, miners: { a: 1, b: 1 },
        expect: [{ earnings: 'miners', at_most: '5%' }], until: { epochs: 1 }, time_limit: '600s' }
      """, in: folder)
    let outcome = try await Self.run("subnet test \(path) --world \(world)", in: folder)
    #expect(outcome.status == .exited(1), "\(outcome.output) \(outcome.errors)")
    #expect(outcome.output.contains("FAIL miners earn of all at most 5 %  [\(path):2]"))
    #expect(outcome.output.contains("again: subnet test \(path) --world \(world) --seed 1"))
  }

  @Test(arguments: [
    ("{ netwrok: {} }", "did you mean 'network'?", Int32(64)),
    ("{ network: { subnet: 'chess' }, validators: 1, miners: 1, expect: [{ registered: 'miners' }] }", "chess", 69),
    ("{ network: { plugin: '/bin/true' }, validators: 1, miners: 1, expect: [{ registered: 'miners' }] }", "ended", 69),
  ])
  func whatCannotBeRunHasItsOwnExitCode(text: String, part: String, code: Int32) async throws {
    let folder = try TemporaryFolder()
    let outcome = try await Self.run("subnet test \(try Self.file(text, in: folder))", in: folder)
    #expect(outcome.status == .exited(code), "\(outcome.output) \(outcome.errors)")
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
  }

  @Test func aRunningNetworkIsWatchedAndDisturbed() async throws {
    let folder = try TemporaryFolder()
    let state = folder.path + "/net"
    let up = try await CommandRun.start(
      "subnet up --subnet adder --validators 1 --miners 2 --json --state \(state)".split(separator: " ").map(
        String.init),
      in: folder)
    _ = try await up.event("ready")
    let path = try Self.file(
      """
      { network: { subnet: 'adder' }, validators: 1, miners: 2,
        faults: [{ at_block: 2, disconnect: 'miners-2', for_blocks: 4 }, { at_block: 3, pause: 'miners-1', for_blocks: 2 }],
        expect: [{ registered: 'miners' }, { weights_set: 'validators' }, { earnings: 'miners', at_least: 0.99 }],
        until: { epochs: 5 }, time_limit: '600s' }
      """, in: folder)
    let outcome = try await Self.run("subnet test \(path) --world running --state \(state)", in: folder)
    #expect(outcome.status == .exited(0), "\(outcome.output) \(outcome.errors)")
    let tooMany = try Self.file(
      "{ network: { subnet: 'adder' }, validators: 1, miners: 5, expect: [{ registered: 'miners' }] }", in: folder)
    let refused = try await Self.run("subnet test \(tooMany) --world running --state \(state)", in: folder)
    #expect(refused.status == .exited(69))
    #expect(refused.errors.contains("lacks miner-3, miner-4, miner-5"), "\(refused.errors)")
    up.child.send(SIGINT)
    #expect(try await up.outcome().status.isSuccess)
  }

  @Test func aKeptNetworkGoesOnUntilItIsStopped() async throws {
    let folder = try TemporaryFolder()
    let path = try Self.file(
      """
      { network: { subnet: 'adder' }, validators: 1, miners: 1, expect: [{ registered: 'miners', by_block: 3 }], time_limit: '600s' }
      """, in: folder)
    let run = try await CommandRun.start(["subnet", "test", path, "--world", "process", "--keep"], in: folder)
    var verdict = ""
    for await line in run.child.lines {
      verdict += line + "\n"
      if line.hasPrefix("The network goes on as 'test'") { break }
    }
    #expect(verdict.contains("PASS  scenario"))
    let view = try await Self.run("subnet view --name test", in: folder)
    #expect(view.status.isSuccess, "\(view.errors)")
    #expect(view.output.contains("miner-1"))
    run.child.send(SIGTERM)
    #expect(try await run.outcome().status == .exited(0))
  }
}
