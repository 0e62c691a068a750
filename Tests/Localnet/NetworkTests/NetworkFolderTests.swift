import Daemon
import Glibc
import JSONText
import Localnet
import Testing

@Suite struct NetworkNameTests {
  @Test(arguments: ["text", "a", "0", "my-net_2", String(repeating: "n", count: 64)])
  func aPlainNameIsTaken(text: String) { #expect(NetworkName(text)?.text == text) }

  @Test(arguments: ["", "-a", "_a", "A", "a b", "a/b", "..", "ä", String(repeating: "n", count: 65)])
  func anythingElseIsNoName(text: String) { #expect(NetworkName(text) == nil) }

  @Test(arguments: [("My Net", "my-net"), ("../x", "x"), ("", "network"), ("é", "network"), ("a.py", "a-py")])
  func anyTextHasANearestName(text: String, name: String) {
    #expect(NetworkName(fitting: text).text == name)
    #expect(NetworkName(NetworkName(fitting: text).text) != nil)
  }

  @Test func aNumberedNameStaysAName() {
    #expect(NetworkName(fitting: "text").numbered(2).text == "text-2")
    let long = NetworkName(fitting: String(repeating: "n", count: 64)).numbered(12)
    #expect(long.text.count == 64 && long.text.hasSuffix("-12"))
  }

  @Test(arguments: ["chain", "validator-1", "miner-100"]) func aNodesNameIsReadBack(text: String) {
    #expect(NodeName(text)?.description == text)
  }

  @Test(arguments: [
    "", "miner", "miner-0", "miner-01", "miner--1", "chain-1", "Miner-1", "miner-1-2", "owner-1", "miner-+1",
  ])
  func anyOtherTextIsNoNode(text: String) { #expect(NodeName(text) == nil) }
}

@Suite struct NetworkClaimTests {
  private let folder: TemporaryFolder
  private let state: StateFolder

  init() throws {
    folder = try TemporaryFolder()
    state = StateFolder(existing: folder.path + "/net")
  }

  private func take(_ work: String = "subnet adder", isKept: Bool = true, beginsAnew: Bool = false) throws
    -> NetworkClaim
  {
    try NetworkClaim.take(state, name: "net", isKept: isKept, work: work, beginsAnew: beginsAnew)
  }

  @Test func oneLauncherAtATimeHasAFolderAndTheNextOneLearnsWho() throws {
    #expect(!state.isRunning)
    let claim = try take()
    #expect(state.isRunning && claim.record.pid == getpid())
    do {
      _ = try take()
      Issue.record("two launchers have one folder")
    } catch {
      #expect("\(error)".contains("process \(getpid())"), "\(error)")
      #expect("\(error)".contains("subnet stop"))
    }
    #expect(throws: NetworkRefusal.self) { try state.remove() }
    withExtendedLifetime(claim) {}
  }

  @Test func theFolderOfADeadLauncherIsTakenOver() throws {
    _ = try take()
    #expect(!state.isRunning && state.launcher?.work == "subnet adder")
    try makeFolders(state.path + "/chain")
    let second = try take()
    #expect(FileMark(state.path + "/chain") != nil)
    withExtendedLifetime(second) {}
  }

  @Test func anotherMechanismIsRefusedUnlessTheNetworkBeginsAnew() throws {
    _ = try take()
    try makeFolders(state.path + "/chain")
    #expect(throws: NetworkRefusal.self) { try take("subnet text") }
    #expect(state.launcher?.work == "subnet adder")
    #expect(FileMark(state.path + "/chain") != nil)
    _ = try take("subnet text", beginsAnew: true)
    #expect(state.launcher?.work == "subnet text")
    #expect(FileMark(state.path + "/chain") == nil)
  }

  @Test func removingTakesWhatIsTheNetworksAndLeavesTheRest() throws {
    _ = try take()
    for name in ["chain", "miner-1", "validator-2", "logs"] { try makeFolders("\(state.path)/\(name)/inner") }
    try AtomicFile(state.path + "/launcher.log").write([])
    try AtomicFile(state.path + "/thesis.txt").write([1])
    do {
      try state.remove()
      Issue.record("a foreign file was removed")
    } catch {
      #expect("\(error)".contains("thesis.txt"), "\(error)")
    }
    #expect(folderContents(state.path) == ["thesis.txt"])
    try removeTree(state.path + "/thesis.txt")
    try state.remove()
    #expect(FileMark(state.path) == nil)
  }

  @Test func aFreeNameIsOneThatNobodyRunsOrKeeps() throws {
    let home = try NetworkHome(environment: ["HOME": folder.path])
    let name = NetworkName(fitting: "text")
    func claim(_ name: String, isKept: Bool) throws -> NetworkClaim {
      try NetworkClaim.take(
        home.folder(of: NetworkName(fitting: name)), name: name, isKept: isKept, work: "subnet text", beginsAnew: false)
    }
    #expect(home.freeName(name).text == "text")
    let running = try claim("text", isKept: false)
    #expect(home.freeName(name).text == "text-2")
    _ = try claim("text-2", isKept: true)
    #expect(home.freeName(name).text == "text-3")
    _ = try claim("text-3", isKept: false)
    #expect(home.freeName(name).text == "text-3")
    #expect(try home.network(named: nil).name == "text")
    #expect(home.networks.map(\.name) == ["text", "text-2", "text-3"])
    withExtendedLifetime(running) {}
    #expect(throws: NetworkRefusal.self) { try NetworkHome(environment: [:]) }
  }
}

@Suite struct ControlRequestTests {
  @Test(
    arguments: [
      .status, .stop, .scale(.miner, to: 8), .scale(.validator, to: 0), .act(.kill, [.miner(2), .chain]),
      .act(.reconnect, [.validator(1)]), .delay([.miner(1)], by: .milliseconds(250)),
    ] as [ControlRequest])
  func aRequestIsReadBackFromItsLine(request: ControlRequest) throws {
    #expect(!request.line.contains("\n"))
    #expect(try ControlRequest(parsing: request.line) == request)
  }

  @Test(arguments: [
    "", "x", "[]", "{}", #"{"do":1}"#, #"{"do":"explode"}"#, #"{"do":"kill"}"#, #"{"do":"kill","nodes":[]}"#,
    #"{"do":"kill","nodes":["../x"]}"#, #"{"do":"kill","nodes":[1]}"#, #"{"do":"scale","role":"chain","count":2}"#,
    #"{"do":"scale","role":"miner","count":-1}"#, #"{"do":"scale","role":"miner","count":101}"#,
    #"{"do":"delay","nodes":["miner-1"]}"#, #"{"do":"delay","nodes":["miner-1"],"delay_ms":60001}"#,
  ])
  func anythingElseIsRefusedWithASentence(line: String) {
    #expect(throws: NetworkRefusal.self) { try ControlRequest(parsing: line) }
  }
}

@Suite struct LogReaderTests {
  private let folder: TemporaryFolder
  private let state: StateFolder

  init() throws {
    folder = try TemporaryFolder()
    state = try StateFolder(making: folder.path + "/net")
  }

  private func append(_ text: String, to node: NodeName) {
    let file = open(state.log(of: node), O_WRONLY | O_CREAT | O_APPEND, 0o600)
    writeAll(Array(text.utf8), to: file)
    close(file)
  }

  private func line(_ second: Int, _ message: String) -> String {
    #"{"time":"2026-01-02T03:04:0\#(second).000Z","level":"info","name":"x","message":"\#(message)","uid":3}"# + "\n"
  }

  @Test func linesOfSeveralNodesComeByTime() {
    append(line(1, "one") + line(3, "three"), to: .miner(1))
    append(line(2, "two") + "a crash without a time\n" + line(4, "four"), to: .chain)
    var reader = LogReader(folder: state, nodes: nil)
    #expect(LogReader.nodes(in: state) == ["chain", "miner-1"])
    #expect(
      reader.newest(10).map { $0.text(in: .text) } == [
        "03:04:01.000 info    miner-1: one uid=3", "03:04:02.000 info    chain: two uid=3",
        "chain: a crash without a time", "03:04:03.000 info    miner-1: three uid=3",
        "03:04:04.000 info    chain: four uid=3",
      ])
    #expect(reader.next().isEmpty)
  }

  @Test func whatFollowsIsShownOnceAndOnlyByWholeLines() {
    append(line(1, "old") + line(2, "new"), to: .miner(1))
    var reader = LogReader(folder: state, nodes: nil)
    #expect(reader.newest(1).map(\.node) == ["miner-1"])
    append(#"{"half":"#, to: .miner(1))
    #expect(reader.next().isEmpty)
    append("1}\n", to: .miner(1))
    #expect(reader.next() == [NodeLogLine(node: "miner-1", line: #"{"half":1}"#)])
    // A node that joins later is read from its first line.
    append(line(5, "hello"), to: .miner(2))
    #expect(reader.next().map(\.node) == ["miner-2"])
    #expect(reader.next().isEmpty)
  }

  @Test func aNodeThatWasChosenIsTheOnlyOneShown() {
    append(line(1, "a"), to: .miner(1))
    append(line(1, "b"), to: .miner(2))
    var reader = LogReader(folder: state, nodes: ["miner-2"])
    #expect(reader.newest(5).map(\.node) == ["miner-2"])
  }

  @Test func forMachinesEveryLineIsAnObjectWithItsNode() {
    #expect(
      NodeLogLine(node: "chain", line: #"{"level":"info"}"#).text(in: .json) == #"{"node":"chain","level":"info"}"#)
    #expect(NodeLogLine(node: "chain", line: "say \"x\"").text(in: .json) == #"{"node":"chain","text":"say \"x\""}"#)
  }
}
