import Daemon
import Glibc
import Plugins
import Primitives
import SubnetKit
import Testing

/// What a hostile program does when it is asked for scores, and what its node says of it.
struct Misdeed: Sendable, CustomTestStringConvertible {
  let name: String
  /// The body of `score`, in Python.
  let body: String
  let code: MechanismError.Code
  let words: String

  var testDescription: String { name }

  /// The program; all its other functions are honest.
  var source: String {
    """
    #!/usr/bin/env python3
    import glob, os, subnetkit, sys, time
    class Hostile(subnetkit.Mechanism):
        name = "hostile"
        def task(self, round, random):
            return random.randrange(1000)
        def forward(self, request, context):
            return request
        def score(self, answers, challenge, context):
            \(body.replacing("\n", with: "\n        "))
    def to_node(bytes):
        for descriptor in range(3, 20):
            try: os.write(descriptor, bytes)
            except OSError: pass
    subnetkit.run(Hostile)
    """
  }

  static let all: [Misdeed] = [
    Misdeed(name: "loop", body: "while True: pass", code: .responseTooLate, words: "did not answer score within 5s"),
    Misdeed(
      name: "fork", body: "while True: os.fork()", code: .failed,
      words: "failed at score: failed: PermissionError: [Errno 1] Operation not permitted"),
    Misdeed(
      name: "memory", body: "hoard = []\nwhile True: hoard.append(bytearray(16 << 20))", code: .failed,
      words: "failed at score: failed: MemoryError"),
    Misdeed(
      name: "disk",
      body: "n = 0\nwhile True:\n    n += 1\n    open(str(n), 'wb').write(bytes(1 << 18))\n    time.sleep(0.001)",
      code: .pluginFailed, words: "and was killed"),
    Misdeed(
      name: "large file", body: "open('large', 'wb').write(bytes(2 << 20))", code: .failed,
      words: "failed at score: failed: OSError: [Errno 27] File too large"),
    Misdeed(
      name: "close pipes", body: "os.closerange(0, 100)\ntime.sleep(600)", code: .pluginFailed,
      words: "closed its standard input or output, at work on score"),
    Misdeed(
      name: "crash", body: "os.abort()", code: .pluginFailed,
      words: "at work on score"),
    Misdeed(
      name: "garbage", body: "to_node(b'\\0\\0\\0\\x08' + b'\\xff' * 8)\ntime.sleep(600)", code: .pluginFailed,
      words: "wrote 8 bytes that are no answer"),
    Misdeed(
      name: "an answer to nothing", body: "to_node(b'\\0\\0\\0\\x05\\x08\\x07\\x82\\x01\\0')\ntime.sleep(600)",
      code: .pluginFailed, words: "answered request 7, which it was not asked"),
    Misdeed(
      name: "huge frame", body: "to_node((1 << 30).to_bytes(4, 'big'))\ntime.sleep(600)", code: .pluginFailed,
      words: "announced a frame of 1073741824 bytes; the limit is 1572864"),
    Misdeed(
      name: "flood", body: "while True: to_node(b'\\0\\0\\0\\0' * 10000)", code: .pluginFailed,
      words: "answer"),
    Misdeed(
      name: "NaN scores", body: "return [float('nan')] * len(answers)", code: .invalidScore,
      words: "a score is a number in 0...1, and this one is nan"),
    Misdeed(
      name: "NaN scores by its own codec",
      body: "subnetkit._checked = lambda score: subnetkit.Score(2.143289344)\nreturn [0] * len(answers)",
      code: .invalidScore, words: "gave uid 1 a score of 2143289344 billionths, which is not in 0...1"),
    Misdeed(
      name: "wrong length", body: "return [1.0] * (len(answers) + 1)", code: .invalidScore,
      words: "invalid_score: there are 3 scores for 2 answers"),
    Misdeed(
      name: "wrong length by its own codec",
      // The id of the first call, with one score.
      body: "to_node(b'\\0\\0\\0\\x06\\x08\\x11\\x72\\x02\\x0a\\0')\nos._exit(0)", code: .invalidScore,
      words: "gave 1 scores for 2 answers"),
  ]
}

@Suite(.enabled(if: hasPython, "python3 is not installed"), .timeLimit(.minutes(20))) struct HostilePluginTests {
  let fixture: PluginFixture

  init() throws { fixture = try PluginFixture() }

  static let answers: [AnswerBytes] = [.of(1, "1"), .of(2, "2")]
  /// As the program would set it: a call less that could be late where calls have little time.
  static let task = PreparedTask(request: Array("1".utf8), challenge: Array("1".utf8))

  @Test(arguments: Misdeed.all)
  func aMisdeedIsSaidByNameAndThePluginIsAtWorkAgain(misdeed: Misdeed) async throws {
    var limits = PluginLimits.forTests
    if misdeed.code == .responseTooLate { limits.callTime = .seconds(5) }
    let plugin = try await fixture.start(misdeed.source, limits: limits)
    let error = await #expect(throws: MechanismError.self) {
      try await plugin.host.score(Self.answers, for: Self.task, .now)
    }
    #expect(error?.code == misdeed.code)
    #expect(error?.message.hasPrefix("plugin plugin.py ") == true)
    #expect(error?.message.contains(misdeed.words) == true, "\(String(describing: error))")
    // Whatever it did, a later round gets its task.
    #expect(try await plugin.isAtWorkAgain(within: .seconds(240)))
    await plugin.stop()
  }

  /// An answer that ends the process whenever it is among those that are scored.
  private static let deadly = Misdeed(
    name: "deadly answer",
    body: """
      if any(answer.response == "die" for answer in answers): os.abort()
      best = max(answer.response for answer in answers)
      return [answer.response / best for answer in answers]
      """, code: .pluginFailed, words: "at work on score")

  @Test func anAnswerThatEndsTheProcessIsWorthNothingAndTakesNoOtherWithIt() async throws {
    let plugin = try await fixture.start(Self.deadly.source)
    let task = PreparedTask(request: [49], challenge: [49])
    // More rounds than a restart that took twice as long each time would let through.
    for _ in 0..<4 {
      let scores = try await plugin.host.score(
        [.of(1, "1"), .of(2, "\"die\""), .of(3, "4"), .of(4, "\"die\"")], for: task, .now)
      #expect(scores.map(\.value) == [0.25, 0, 1, 0])
      #expect(scores[1].reason == "the plugin's process ended when it scored this answer")
    }
    await plugin.stop()
  }

  @Test func whenEveryAnswerEndsTheProcessTheRoundSaysNothing() async throws {
    let plugin = try await fixture.start(Self.deadly.source)
    let task = PreparedTask(request: [49], challenge: [49])
    let error = await #expect(throws: MechanismError.self) {
      try await plugin.host.score((1...5).map { .of($0, "\"die\"") }, for: task, .now)
    }
    #expect(error?.code == .pluginFailed)
    #expect(error?.message.contains("at work on score") == true)
    #expect(try await plugin.isAtWorkAgain(within: .seconds(60)))
    await plugin.stop()
  }

  @Test func aMistakeInTheSourceIsSaidWithItsLine() async throws {
    let broken = await #expect(throws: PluginError.self) {
      try await fixture.start("#!/usr/bin/env python3\nimport subnetkit\nvalue = (\n")
    }
    #expect(broken?.message.contains("line 3") == true, "\(broken?.message ?? "")")
    #expect(broken?.message.contains("SyntaxError") == true, "\(broken?.message ?? "")")
  }

  @Test func anExceptionIsSaidWithItsPlaceInTheAuthorsFile() async throws {
    let plugin = try await fixture.start(
      sums.replacing("challenge.expected, context) for", with: "challenge.expectd, context) for"))
    let error = await #expect(throws: MechanismError.self) {
      try await plugin.host.score(
        [.of(1, #"{"sum":1}"#)], for: PreparedTask(request: Array(#"{"numbers":[1]}"#.utf8), challenge: [49]), .now)
    }
    #expect(error?.message.contains("'Challenge' object has no attribute 'expectd' (plugin.py, line ") == true)
    await plugin.stop()
  }

  @Test func itReadsNoKeysEvenInItsOwnFolder() async throws {
    let elsewhere = try PluginFixture()
    for folder in [fixture.folder, elsewhere.folder] {
      try AtomicFile("\(folder)/secret", mode: 0o644).write(Array("correct horse".utf8))
    }
    let body = """
      found = []
      for path in ["\(fixture.folder)/secret", "\(elsewhere.folder)/secret", "/etc/shadow", "/proc/1/environ", f"/proc/{os.getppid()}/mem"]:
          try: found.append(open(path).read()[:40])
          except OSError as error: found.append(type(error).__name__)
      for trial in (lambda: os.kill(os.getppid(), 0), lambda: __import__("socket").socket(), lambda: open("/tmp/left", "w")):
          try: trial(); found.append("done")
          except OSError as error: found.append(type(error).__name__)
      return [subnetkit.Score(1.0, " ".join(found))] * len(answers)
      """
    var access = PluginAccess()
    access.hidden = ["\(fixture.folder)/secret"]
    let misdeed = Misdeed(name: "read", body: body, code: .failed, words: "")
    let plugin = try await fixture.start(misdeed.source, access: access)
    let scores = try await plugin.host.score(Self.answers, for: Self.task, .now)
    #expect(scores.first?.reason == Array(repeating: "PermissionError", count: 8).joined(separator: " "))
    await plugin.stop()
  }

  @Test func standardErrorIsReadInMeasureAndNeverBlocksTheRound() async throws {
    var limits = PluginLimits.forTests
    limits.callTime = .seconds(5)
    limits.logBytesPerSecond = 64 << 10
    let misdeed = Misdeed(
      name: "talk", body: "while True: sys.stderr.write('word ' * 1000 + '\\n')", code: .responseTooLate, words: "")
    let plugin = try await fixture.start(misdeed.source, limits: limits)
    let error = await #expect(throws: MechanismError.self) {
      try await plugin.host.score(Self.answers, for: Self.task, .now)
    }
    #expect(error?.code == .responseTooLate)
    // Twenty lines a second for the five seconds of the call and those around it.
    #expect(fixture.log.lines.filter { $0.contains("plugin says") }.count <= 20 * 60)
    await plugin.stop()
  }

  @Test func aProgramThatNeverGetsReadyIsGivenUpAndLeavesNothing() async throws {
    var limits = PluginLimits.forTests
    limits.startTime = .seconds(2)
    let silent = await #expect(throws: PluginError.self) {
      try await fixture.start("#!/usr/bin/env python3\nimport time\ntime.sleep(600)\n", limits: limits)
    }
    #expect(silent?.code == .tooSlow)
    #expect(silent?.message == "was not ready within 2s and was killed")
    let broken = await #expect(throws: PluginError.self) {
      try await fixture.start("#!/usr/bin/env python3\nimport nothing_of_this_name\n")
    }
    #expect(broken?.code == .ended)
    #expect(broken?.message.contains("ModuleNotFoundError: No module named 'nothing_of_this_name'") == true)
  }

  @Test func moreCallsThanTheQueueHoldsAreRefusedAtOnce() async throws {
    var limits = PluginLimits.forTests
    limits.queueLength = 2
    // The program sleeps, and would not end by itself.
    limits.endTime = .milliseconds(10)
    let misdeed = Misdeed(name: "sleep", body: "time.sleep(600)", code: .failed, words: "")
    let plugin = try await fixture.start(misdeed.source, limits: limits)
    let codes = await withTaskGroup(of: MechanismError.Code?.self) { group in
      for _ in 0..<5 {
        group.addTask {
          do throws(MechanismError) {
            _ = try await plugin.host.score(Self.answers, for: Self.task, .now)
            return nil
          } catch {
            return error.code
          }
        }
      }
      var codes: [MechanismError.Code?] = []
      for await code in group {
        codes.append(code)
        // The two that the program holds end with it.
        if codes.count == 3 { await plugin.stop() }
      }
      return codes
    }
    #expect(codes.filter { $0 == .busy }.count == 3)
    #expect(codes.filter { $0 == .pluginFailed }.count == 2)
  }
}

extension Plugin {
  /// Waits until it sets a task; the time is a net.
  func isAtWorkAgain(within limit: Duration) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      do throws(MechanismError) {
        var random = SeededRandom(seed: 2)
        return try await !host.makeTask(.first, random: &random).request.isEmpty
      } catch {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    return false
  }
}
