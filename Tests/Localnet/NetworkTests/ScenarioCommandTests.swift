import Daemon
import Glibc
import JSONText
import PythonModule
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

  /// A file argument that is wrong, and what is said of it.
  @Test(arguments: [
    ("subnet test nofile.json5", "nofile.json5: there is no such file; check its name", Int32(64)),
    ("subnet test .", ".: it is a folder; name a file", 64),
    ("subnet test FILE --junit no/report.xml", "--junit no/report.xml: there is no folder no; make it first", 2),
    ("subnet test FILE --junit .", "--junit .: it is a folder; name a file in it", 2),
    ("subnet up --subnet adder --report no/r.json", "--report no/r.json: there is no folder no; make it first", 2),
    ("subnet up --plugin nofile", "nofile: check the path", 2), ("subnet up --plugin .", "is a folder", 2),
    ("subnet up --plugin FILE", "is not executable; try: chmod +x", 2),
    ("subnet wallet create mine --password-file nofile", "password file nofile: there is no such file", 2),
    ("subnet plugin check nofile", "plugin nofile cannot be found at nofile", 2),
    ("subnet yuma nofile", "nofile: cannot be read: No such file", 1),
  ])
  func aFileThatCannotBeUsedIsNamedWithWhatToDo(line: String, part: String, code: Int32) async throws {
    let folder = try TemporaryFolder()
    let path = try Self.file(
      "{ network: { subnet: 'adder' }, validators: 1, miners: 1, expect: [{ registered: 'miners' }] }", in: folder)
    let words = line.split(separator: " ").map { $0 == "FILE" ? path : String($0) }
    let outcome = try await CommandRun.start(words, in: folder).outcome()
    #expect(outcome.status == .exited(code), "\(outcome.output) \(outcome.errors)")
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
    // Nothing was begun.
    #expect(!outcome.output.contains("Starting"))
  }

  /// A Python mechanism in virtual time: real processes, and a clock that waits for them.
  @Test(.enabled(if: access("/usr/bin/python3", X_OK) == 0, "python3 is not installed"))
  func aPluginFollowsVirtualTimeAndItsPolicyDecidesWhoEarns() async throws {
    let folder = try TemporaryFolder()
    try AtomicFile(folder.path + "/subnetkit.py", mode: 0o644).write(PythonFiles.module)
    let path = try Self.file(
      """
      { network: { plugin: './grades.py' }, validators: 2,
        miners: { good: { count: 1, options: { grade: 1 } }, fair: { count: 1, options: { grade: 2 } } },
        expect: [{ earnings: 'fair', at_most: '5%', compared_to: 'good' }, { weights_set: 'validators' }],
        until: { epochs: 2 } }
      """, in: folder)
    var roots: [JSONValue?] = []
    // Twice with the policy, and once without: the same file says yes, and then no.
    for (policy, code) in [("exclude_below=0.9", Int32(0)), ("exclude_below=0.9", 0), ("", 1)] {
      let source = """
        #!/usr/bin/env python3
        import subnetkit
        class Grades(subnetkit.Mechanism):
            name = "grades"
            options = {"grade": 1}
            policy = subnetkit.Policy(\(policy))
            def task(self, round, random):
                return random.randrange(1000)
            def forward(self, number, context):
                return self.options["grade"]
            def score(self, answers, challenge, context):
                return [1 / answer.response for answer in answers]
        subnetkit.run(Grades)
        """
      try AtomicFile(folder.path + "/grades.py", mode: 0o755).write(Array(source.utf8))
      let outcome = try await Self.run("subnet test \(path) --json", in: folder)
      #expect(outcome.status == .exited(code), "\(policy): \(outcome.output) \(outcome.errors)")
      let verdict = try JSONValue(parsing: try #require(outcome.lines.last))
      #expect(verdict["world"] == "simulated")
      roots.append(verdict["state_root"])
    }
    #expect(roots[0] == roots[1])
    #expect(roots[0] != nil && roots[0] != roots[2])
  }

  @Test(.enabled(if: access("/usr/bin/python3", X_OK) == 0, "python3 is not installed"))
  func whatAPluginsCodeThrewStandsUnderTheVerdict() async throws {
    let folder = try TemporaryFolder()
    try AtomicFile(folder.path + "/subnetkit.py", mode: 0o644).write(PythonFiles.module)
    let source = String(decoding: PythonFiles.example, as: UTF8.self).replacing(
      "sum(task.numbers)", with: "nosum(task)")
    try AtomicFile(folder.path + "/sums.py", mode: 0o755).write(Array(source.utf8))
    let path = try Self.file(
      """
      { network: { plugin: './sums.py' }, validators: 1, miners: 1, time_limit: '10s',
        expect: [{ weights_set: 'validators', by_block: 20 }] }
      """, in: folder)
    let outcome = try await Self.run("subnet test \(path)", in: folder)
    #expect(outcome.status == .exited(1), "\(outcome.output) \(outcome.errors)")
    #expect(
      outcome.output.contains(
        "miner: plugin sums.py failed at forward: failed: NameError: name 'nosum' is not defined"),
      "\(outcome.output)")
    #expect(outcome.output.contains("(sums.py, line "), "\(outcome.output)")
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
