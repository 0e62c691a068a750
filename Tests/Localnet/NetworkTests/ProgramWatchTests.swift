import Daemon
import Glibc
import Localnet
import PythonModule
import Testing

/// A network whose programs change while it runs.
@Suite(.timeLimit(.minutes(30))) struct ProgramWatchTests {
  /// A folder of programs in which the miner is a script, so that a test can change it.
  private struct Programs {
    let path: String

    init(in folder: TemporaryFolder) throws {
      path = folder.path + "/bin"
      try makeFolders(path)
      for name in ["chain", "validator"] {
        try #require(symlink("\(folderOfThisProgram())/\(name)", "\(path)/\(name)") == 0)
      }
      try writeMiner("exec \(folderOfThisProgram())/miner \"$@\"")
    }

    func writeMiner(_ script: String) throws {
      try AtomicFile(path + "/miner", mode: 0o755).write(Array("#!/bin/sh\n\(script)\n".utf8))
    }
  }

  @Test func aProgramThatChangedIsStartedAgainAndABrokenOneTakesNothingDown() async throws {
    let folder = try TemporaryFolder()
    let programs = try Programs(in: folder)
    var plan = LocalnetPlan(
      subnet: "adder", executables: programs.path, folder: try StateFolder(making: folder.path + "/net"))
    (plan.validatorCount, plan.minerCount) = (1, 2)
    try await withNetwork(plan) { network in
      network.state.update { $0.outlivesNodes = true }
      let (events, continuation) = AsyncStream<ProgramWatch.Event>.makeStream()
      let watch = ProgramWatch(of: network) { continuation.yield($0) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await watch.run() }
        group.addTask {
          var next = events.makeAsyncIterator()
          try programs.writeMiner("exec \(folderOfThisProgram())/miner \"$@\" # newer")
          #expect(try #require(await next.next()).text == "restarted miner-1 miner-2")
          #expect(network.state.state.nodes[.validator(1)]?.startCount == 1)
          #expect(network.state.state.nodes[.miner(2)]?.startCount == 2)

          try programs.writeMiner("echo broken >&2; exit 3")
          #expect(try #require(await next.next()).text == "not restarted miner-1")
          // One tried it; the other has still the program that works.
          #expect(network.state.state.nodes[.miner(1)]?.hasFailed == true)
          #expect(network.state.state.nodes[.miner(2)]?.isRunning == true)
          #expect(network.state.state.nodes[.miner(2)]?.startCount == 2)
          #expect(network.state.state.programNote?.contains("did not start") == true)
          let height = network.state.state.record.height
          _ = try await network.wait(for: "another block", within: .seconds(600)) { state in
            state.record.height > height ? true : nil
          }
          // Who failed with the broken program is tried again with the next one.
          try programs.writeMiner("exec \(folderOfThisProgram())/miner \"$@\"")
          #expect(try #require(await next.next()).text == "restarted miner-1 miner-2")
          #expect(network.state.state.programNote == nil)
        }
        defer { group.cancelAll() }
        try await group.next()
      }
    }
  }

  @Test func aChangeBeforeTheFirstLookIsNotMissed() async throws {
    let folder = try TemporaryFolder()
    let script = AuthorProgram(folder.path + "/mech.py")
    try AtomicFile(script.path, mode: 0o755).write([])
    var plan = LocalnetPlan(
      subnet: "mech", executables: folderOfThisProgram(), folder: try StateFolder(making: folder.path + "/net"))
    plan.plugin = script
    try await withNetwork(plan, startsNodes: false) { network in
      let (events, continuation) = AsyncStream<ProgramWatch.Event>.makeStream()
      let watch = ProgramWatch(of: network) { continuation.yield($0) }
      // No program any more: nobody may run it.
      try AtomicFile(script.path, mode: 0o644).write([1])
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await watch.run() }
        group.addTask {
          var next = events.makeAsyncIterator()
          let event = try #require(await next.next())
          #expect(event.text == "not built")
        }
        defer { group.cancelAll() }
        try await group.next()
      }
    }
  }

  @Test(.enabled(if: access("/usr/bin/python3", X_OK) == 0, "python3 is not installed"))
  func aPluginThatDoesNotStartIsGivenToNoNode() async throws {
    let folder = try TemporaryFolder()
    let source = String(decoding: PythonFiles.example, as: UTF8.self)
    try AtomicFile(folder.path + "/subnetkit.py", mode: 0o644).write(PythonFiles.module)
    let file = folder.path + "/sums.py"
    @Sendable func write(_ text: String) throws { try AtomicFile(file, mode: 0o755).write(Array(text.utf8)) }
    try write(source)
    let program = AuthorProgram(folder.path + "/sums.py")
    var plan = LocalnetPlan(
      subnet: "sums", executables: folderOfThisProgram(), folder: try StateFolder(making: folder.path + "/net"))
    plan.plugin = program
    (plan.validatorCount, plan.minerCount) = (1, 2)
    plan.options = ["count=3"]
    plan.gradesMiners = false
    try await withNetwork(plan) { network in
      network.state.update { $0.outlivesNodes = true }
      let (events, continuation) = AsyncStream<ProgramWatch.Event>.makeStream()
      let tried = RecordedLog()
      let watch = ProgramWatch(
        of: network,
        trying: { program, role, options async throws(ProgramError) in
          tried.write(Array("\(role.rawValue) \(options.joined(separator: " "))".utf8))
          let text = (try? AtomicFile(program.path).read(limit: 1 << 20)).map { String(decoding: $0, as: UTF8.self) }
          if text?.contains("broken") == true { throw .notStarting(reason: "it is broken") }
        }, report: { continuation.yield($0) })
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await watch.run() }
        group.addTask {
          var next = events.makeAsyncIterator()
          try write(source + "broken = (\n")
          #expect(try #require(await next.next()).text == "not starting: it is broken")
          for node in network.plan.neurons.map(\.name) {
            #expect(network.state.state.nodes[node]?.startCount == 1)
            #expect(network.state.state.nodes[node]?.isRunning == true)
          }
          #expect(network.state.state.programNote?.contains("does not start") == true)
          try write(source + "# newer\n")
          #expect(try #require(await next.next()).text.hasPrefix("restarted "))
          for node in network.plan.neurons.map(\.name) { #expect(network.state.state.nodes[node]?.startCount == 2) }
          #expect(network.state.state.programNote == nil)
          #expect(tried.lines.contains("miner count=3") && tried.lines.contains("validator count=3"))
        }
        defer { group.cancelAll() }
        try await group.next()
      }
    }
  }

  @Test func aSwiftPackageIsBuiltAndItsErrorsAreShown() async throws {
    let folder = try TemporaryFolder()
    let package = folder.path + "/worker"
    let state = try StateFolder(making: folder.path + "/net")
    try makeFolders(package + "/Sources/worker")
    func write(_ name: String, _ text: String) throws { try AtomicFile(package + name).write(Array(text.utf8)) }
    try write(
      "/Package.swift",
      """
      // swift-tools-version: 6.0
      import PackageDescription
      let package = Package(name: "worker", targets: [.executableTarget(name: "worker")])
      """)
    try write("/Sources/worker/main.swift", "let answer: Int = \"no number\"\n")
    let program = AuthorProgram(package + "/.build/debug/worker")
    #expect(program.package == package && program.name == "worker")
    do {
      try await program.build(logIn: state)
      Issue.record("text was taken for a number")
    } catch let error as ProgramError {
      #expect("\(error)".contains("main.swift:1:"), "\(error)")
      #expect("\(error)".contains("cannot convert value of type 'String'"), "\(error)")
      #expect("\(error)".contains(state.buildLog))
    }
    try write("/Sources/worker/main.swift", "print(\"at work\")\n")
    try await program.build(logIn: state)
    #expect(program.isThere)
  }

  @Test func aScriptIsNamedAfterItsFileAndMustBeThere() async throws {
    let folder = try TemporaryFolder()
    let state = try StateFolder(making: folder.path + "/net")
    let script = AuthorProgram(folder.path + "/my.mech.py")
    #expect(script.name == "my" && script.package == nil)
    await #expect(throws: ProgramError.self) { try await script.build(logIn: state) }
    try AtomicFile(script.path, mode: 0o644).write([])
    await #expect(throws: ProgramError.self) { try await script.build(logIn: state) }
    try AtomicFile(script.path, mode: 0o755).write([])
    try await script.build(logIn: state)
  }
}

extension ProgramWatch.Event {
  fileprivate var text: String {
    switch self {
    case .building: "building"
    case .notBuilt: "not built"
    case .notStarting(let error): "not starting: \(error)"
    case .restarted(let nodes, _): "restarted " + nodes.map(\.description).joined(separator: " ")
    case .notRestarted(let node, _): "not restarted \(node)"
    }
  }
}
