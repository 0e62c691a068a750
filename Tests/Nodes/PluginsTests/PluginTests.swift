import Daemon
import Glibc
import Plugins
import Primitives
import SubnetKit
import Testing

@Suite(.enabled(if: hasPython, "python3 is not installed"), .timeLimit(.minutes(20))) struct PluginTests {
  let fixture: PluginFixture

  init() throws { fixture = try PluginFixture() }

  @Test func anHonestAnswerOfAPythonMechanismIsWorthAlmostOneAndAWrongOneNothing() async throws {
    let plugin = try await fixture.start(sums)
    #expect(plugin.greeting.name == "sums")
    #expect(plugin.greeting.options == "  count=int  (default 8)\n")
    var random = SeededRandom(seed: 1)
    let task = try await plugin.host.makeTask(.first, random: &random)
    let miner = try await fixture.start(sums, role: .miner)
    let answer = try await miner.host.forward(task.request, .soon)
    let honest = AnswerBytes(miner: .of(1), uid: UID(1), response: answer, latency: .milliseconds(300))
    let scores = try await plugin.host.score(
      [honest, .of(2, #"{"sum":1}"#), .of(3, "no json"), .of(4, #"{"sum":"1"}"#)], for: task, .now)
    #expect(scores.map(\.value) == [0.99, 0, 0, 0])
    #expect(scores.map(\.reason)[1] == "wrong sum")
    #expect(scores.map(\.reason)[2].hasPrefix("malformed_response"))
    #expect(scores.map(\.reason)[3].hasPrefix("malformed_response"))
    await plugin.stop()
    await miner.stop()
  }

  @Test func theSameSeedGivesTheSameTaskAndOptionsAreReadByTheirTypes() async throws {
    let plugin = try await fixture.start(sums, options: ["count=2"])
    var (one, two, three) = (SeededRandom(seed: 1), SeededRandom(seed: 1), SeededRandom(seed: 2))
    let task = try await plugin.host.makeTask(.first, random: &one)
    #expect(try await plugin.host.makeTask(.first, random: &two) == task)
    #expect(try await plugin.host.makeTask(.first, random: &three) != task)
    #expect(String(decoding: task.request, as: UTF8.self).split(separator: ",").count == 2)
    await plugin.stop()
  }

  @Test func anOptionThatTheMechanismDoesNotKnowKeepsItFromStarting() async throws {
    let error = await #expect(throws: PluginError.self) { try await fixture.start(sums, options: ["speed=9"]) }
    #expect(error?.code == .mechanism("invalid_option"))
    #expect(error?.description.contains("there is no option 'speed=9'; known: count") == true)
  }

  @Test func aRequestThatIsNoneIsTheCallersFault() async throws {
    let plugin = try await fixture.start(sums, role: .miner)
    let error = await #expect(throws: MechanismError.self) {
      try await plugin.host.forward(Array("[1,".utf8), .soon)
    }
    #expect(error?.code == .malformedRequest)
    await plugin.stop()
  }

  @Test func anotherProtocolVersionIsRefusedInOneLine() async throws {
    let error = await #expect(throws: PluginError.self) {
      try await fixture.start(sums.replacing("if __name__", with: "subnetkit.PROTOCOL_VERSION = 2\nif __name__"))
    }
    #expect(
      error?.description
        == """
        plugin plugin.py speaks plugin protocol 2, and this node speaks 1: use the plugin module that came with this node
        """)
    #expect(error?.exitCode == .usage)
  }

  @Test func aProgramThatIsNotThereOrNotExecutableSaysWhatToDo() async throws {
    let missing = #expect(throws: PluginError.self) { try PluginProgram("\(fixture.folder)/nothing") }
    #expect(missing?.description.contains("cannot be found") == true)
    _ = try fixture.program(sums)
    chmod("\(fixture.folder)/plugin.py", 0o644)
    let closed = #expect(throws: PluginError.self) { try PluginProgram("\(fixture.folder)/plugin.py") }
    #expect(closed?.description.contains("chmod +x") == true)
  }

  /// A program that is open for writing cannot be started yet; whoever waits for that holds up no other.
  @Test func aChildThatWaitsForItsProgramHasNothingElseOpen() async throws {
    let program = try fixture.program(sums)
    let file = open(program.path, O_WRONLY | O_CLOEXEC)
    var ends: [Int32] = [-1, -1]
    try #require(file >= 0 && pipe(&ends) == 0)
    let start = Task {
      try await Plugin.start(program, role: .validator, limits: .forTests, log: fixture.logger)
    }
    try await eventually("a child waits") { isChildWaiting() }
    close(ends[1])
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    var byte: UInt8 = 0
    try await eventually("nobody holds the pipe") { read(ends[0], &byte, 1) == 0 }
    close(ends[0])
    // It still waits: had it given up, this would not bring it to life.
    close(file)
    await (try start.value).stop()
  }

  /// Whether a child of ours has not become its program yet: it still has the name of the thread that made it.
  private func isChildWaiting() -> Bool {
    guard let folder = opendir("/proc") else { return false }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let pid = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard Int32(pid) != nil, let stat = try? AtomicFile("/proc/\(pid)/stat").read(limit: 4096) else { continue }
      let words = String(decoding: stat, as: UTF8.self).split(separator: " ")
      if words.count > 3, words[1] == "(plugin)", words[3] == "\(getpid())" { return true }
    }
    return false
  }

  private func eventually(_ what: Comment, _ condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(300)
    while !condition() {
      try #require(ContinuousClock.now < deadline, what)
      try await Task.sleep(for: .milliseconds(2))
    }
  }

  @Test(arguments: [
    ("#!/usr/bin/no-such-python\n", "the interpreter that its first line names is not on this machine"),
    ("hello\n", "is no program: a script begins with a line such as #!/usr/bin/env python3"),
    ("#!/usr/bin/env python3\nprint(1)\n", "ended with exit code 0, at work on its start"),
  ])
  func aFileThatServesNobodySaysWhatItLacks(source: String, words: String) async throws {
    let error = await #expect(throws: PluginError.self) { try await fixture.start(source) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func itsMemorySurvivesItsRestart() async throws {
    let source = """
      #!/usr/bin/env python3
      import os, subnetkit
      class Counter(subnetkit.Mechanism):
          name = "counter"
          count = 0
          def task(self, round, random):
              self.count += 1
              if round.number == 99:
                  os._exit(3)
              return [self.count]
          def checkpoint(self):
              return {"count": self.count}
          def restore(self, memory):
              self.count = memory["count"]
      subnetkit.run(Counter)
      """
    let plugin = try await fixture.start(source)
    var random = SeededRandom(seed: 1)
    #expect(try await plugin.host.makeTask(.first, random: &random).request == Array("[1]".utf8))
    #expect(try await plugin.host.checkpoint() == Array(#"{"count":1}"#.utf8))
    var last = Round.first
    last.number = 99
    let error = await #expect(throws: MechanismError.self) {
      var random = SeededRandom(seed: 1)
      return try await plugin.host.makeTask(last, random: &random)
    }
    #expect(error?.message.contains("at work on make_task") == true)
    #expect(try await plugin.host.makeTask(.first, random: &random).request == Array("[2]".utf8))
    await plugin.stop()
  }

  @Test func whatItPrintsGoesToTheLogAndNeverIntoTheProtocol() async throws {
    let plugin = try await fixture.start(sums.replacing("numbers = [", with: "print('drawing numbers'); numbers = ["))
    var random = SeededRandom(seed: 1)
    _ = try await plugin.host.makeTask(.first, random: &random)
    #expect(try await fixture.logged("drawing numbers"))
    await plugin.stop()
  }

  @Test func stoppingLeavesNoProcessAndNoFolder() async throws {
    let plugin = try await fixture.start(
      """
      #!/usr/bin/env python3
      import os, subnetkit
      class Place(subnetkit.Mechanism):
          name = "place"
          def task(self, round, random):
              os.makedirs("a/b/c"); open("a/b/c/file", "w").write("x")
              return {"pid": os.getpid(), "folder": os.getcwd(), "environment": sorted(os.environ)}
      subnetkit.run(Place)
      """)
    var random = SeededRandom(seed: 1)
    let text = String(decoding: try await plugin.host.makeTask(.first, random: &random).request, as: UTF8.self)
    // Python itself sets the one variable.
    #expect(text.contains(#""environment":["LC_CTYPE"]"#))
    let pid = try #require(text.split(separator: "\"pid\":").last.flatMap { Int32($0.prefix { $0.isNumber }) })
    let folder = String(try #require(text.split(separator: "\"folder\":\"").last).prefix { $0 != "\"" })
    #expect(kill(pid, 0) == 0)
    #expect(access(folder, F_OK) == 0)
    await plugin.stop()
    #expect(kill(pid, 0) != 0)
    #expect(access(folder, F_OK) != 0)
    let error = await #expect(throws: MechanismError.self) { try await plugin.host.checkpoint() }
    #expect(error?.code == .pluginFailed)
  }

  @Test func aCallerThatHasLeftIsNotAskedFor() async throws {
    let plugin = try await fixture.start(sums)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      var random = SeededRandom(seed: 1)
      return try await plugin.host.makeTask(.first, random: &random)
    }
    let error = await #expect(throws: MechanismError.self) { try await task.value }
    #expect(error?.code == .cancelled)
    await plugin.stop()
  }

  @Test func aCancelledCallerDoesNotWaitAndThePluginGoesOn() async throws {
    let plugin = try await fixture.start(
      """
      #!/usr/bin/env python3
      import os, sys, time, subnetkit
      class Slow(subnetkit.Mechanism):
          name = "slow"
          def task(self, round, random):
              print("at work", file=sys.stderr, flush=True)
              while not os.path.exists(os.path.dirname(os.path.abspath(__file__)) + "/go"):
                  time.sleep(0.01)
              return [1]
      subnetkit.run(Slow)
      """)
    let task = Task {
      var random = SeededRandom(seed: 1)
      return try await plugin.host.makeTask(.first, random: &random)
    }
    #expect(try await fixture.logged("at work"))
    task.cancel()
    let error = await #expect(throws: MechanismError.self) { try await task.value }
    #expect(error?.code == .cancelled)
    try AtomicFile("\(fixture.folder)/go", mode: 0o644).write([])
    var random = SeededRandom(seed: 1)
    #expect(try await plugin.host.makeTask(.first, random: &random).request == Array("[1]".utf8))
    await plugin.stop()
  }
}
