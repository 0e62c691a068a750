import Daemon
import Plugins
import Testing

@Suite(.enabled(if: hasPython, "python3 is not installed"), .timeLimit(.minutes(20))) struct PluginCheckTests {
  let fixture: PluginFixture

  init() throws { fixture = try PluginFixture() }

  private func verdict(_ source: String, options: [String] = []) async throws -> PluginVerdict {
    let check = PluginCheck(
      try fixture.program(source), options: options, limits: .forTests, log: fixture.logger, rounds: 5)
    return await check.run()
  }

  @Test func theExampleThatAuthorsCopyPassesEveryCheck() async throws {
    let verdict = try await verdict(sums, options: ["count=3"])
    #expect(verdict.isPassed, "\(verdict.findings)")
    #expect(verdict.findings.count == 12)
    #expect(verdict.score.count == 5)
    #expect(verdict.score.longest >= verdict.score.median)
  }

  /// Each is the example with one mistake, and the check that must find it.
  @Test(arguments: [
    ("random.randrange(1_000_000)", "__import__('secrets').randbelow(1000)", "sets the same task for the same seed"),
    ("random.randrange(1_000_000)", "hash(str(random.random()))", "sets the same task for the same seed"),
    ("return Result(sum(task.numbers))", "return Result(0)", "values an honest answer"),
    ("Response = Result\n", "\n    def _none(self): pass\n", "values an honest answer"),
    (
      "return [self.worth(answer, challenge.expected, context) for answer in answers]", "return [1.0]",
      "survives many rounds"
    ),
    ("return Result(sum(task.numbers))", "raise MemoryError()", "answers a task"),
    (
      "if __name__",
      "import os\nrun = subnetkit.run\nsubnetkit.run = lambda kind: (run(kind), os._exit(4))\nif __name__",
      "ends when its input ends"
    ),
  ])
  func aMistakeIsFoundWithWhatToFix(honest: String, mistake: String, check: String) async throws {
    #expect(sums.contains(honest))
    let verdict = try await verdict(sums.replacing(honest, with: mistake))
    #expect(!verdict.isPassed)
    let failure = try #require(verdict.findings.first { $0.isFailure }, "\(verdict.findings)")
    #expect(failure.name.hasPrefix(check), "\(verdict.findings)")
    if case .failed(_, let advice) = failure.outcome { #expect(!advice.isEmpty) }
  }
}
