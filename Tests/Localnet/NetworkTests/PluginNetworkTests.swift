import Daemon
import Glibc
import JSONText
import Keys
import Localnet
import Neurons
import Primitives
import PythonModule
import Testing
import Transport
import ZeroMQTransport

/// A validator of the network, by what its plugin does when it is asked for scores.
struct PluginCase: Sendable {
  let name: String
  /// The body of `score`, in Python; nil for the honest one.
  let body: String?
  /// What the validator says of it, or the plugin itself.
  let words: String

  static let all: [PluginCase] = [
    PluginCase(name: "honest", body: nil, words: "plugin started"),
    PluginCase(name: "loop", body: "while True: pass", words: "plugin loop.py did not answer score within 10s"),
    PluginCase(name: "fork", body: "os.fork()", words: "plugin fork.py failed at score: failed: PermissionError"),
    PluginCase(
      name: "memory", body: "hoard = []\nwhile True: hoard.append(bytearray(16 << 20))",
      words: "plugin memory.py failed at score: failed: MemoryError"),
    PluginCase(
      name: "disk",
      body: """
        for n in range(5): os.posix_fallocate(os.open(str(n), os.O_CREAT | os.O_WRONLY), 0, 60 << 20)
        time.sleep(600)
        """, words: "bytes to its folder and was killed"),
    PluginCase(
      name: "pipes", body: "os.closerange(0, 100)\ntime.sleep(600)",
      words: "plugin pipes.py closed its standard input or output, at work on score"),
    PluginCase(
      name: "garbage", body: "to_node(bytes([0, 0, 0, 8]) + bytes([255] * 8))\ntime.sleep(600)",
      words: "plugin garbage.py wrote 8 bytes that are no answer"),
    PluginCase(
      name: "huge", body: "to_node((1 << 30).to_bytes(4, 'big'))\ntime.sleep(600)",
      words: "plugin huge.py announced a frame of 1073741824 bytes"),
    PluginCase(
      name: "nan", body: "return [float('nan')] * len(answers)",
      words: "plugin nan.py failed at score: invalid_score: a score is a number in 0...1, and this one is nan"),
    PluginCase(
      name: "length", body: "return [1.0] * (len(answers) + 1)",
      words: "plugin length.py failed at score: invalid_score: there are"),
    PluginCase(
      name: "keys",
      body: """
        for path in KEYS:
            try: print('got', open(path).read())
            except OSError as error: print('no key:', type(error).__name__)
        return [1.0] * len(answers)
        """, words: "no key: PermissionError"),
  ]

  /// The program: the example that authors copy, with another `score`.
  func source(keys: [String]) -> String {
    guard let body else { return String(decoding: PythonFiles.example, as: UTF8.self) }
    return """
      #!/usr/bin/env python3
      import os, subnetkit, sums, time
      KEYS = \(keys)
      def to_node(bytes):
          for descriptor in range(3, 20):
              try: os.write(descriptor, bytes)
              except OSError: pass
      class Hostile(sums.Sums):
          def score(self, answers, challenge, context):
              \(body.replacing("\n", with: "\n        "))
      subnetkit.run(Hostile)
      """
  }
}

/// One honest validator and ten with hostile plugins, each a process as it is delivered, beside two miners.
@Suite(.enabled(if: access("/usr/bin/python3", X_OK) == 0, "python3 is not installed"), .timeLimit(.minutes(30)))
struct PluginNetworkTests {
  @Test func everyHostilePluginIsNamedAndNoRoundWaitsForIt() async throws {
    let folder = try TemporaryFolder()
    let stand = try PluginStand(folder, cases: PluginCase.all)
    try await stand.run {
      for (index, hostile) in PluginCase.all.enumerated() {
        let log = stand.plan.folder.log(of: .validator(index + 1))
        try await wait(for: "\(hostile.name): \(hostile.words)", log: log) {
          try String(decoding: AtomicFile(log).read(limit: 64 << 20), as: UTF8.self).contains(hostile.words)
        }
      }
      // Whatever its plugin did, the round ended, and the validator lives.
      for (index, hostile) in PluginCase.all.enumerated() {
        try await wait(
          for: "the end of a round of \(hostile.name)", log: stand.plan.folder.log(of: .validator(index + 1))
        ) {
          stand.rounds(of: index + 1) >= 1
        }
      }
      // And the honest one values its miners and says so to the chain. What they earn is decided by the stake of all
      // validators, most of which have nothing to say here.
      try await wait(for: "weights of the honest validator", log: stand.plan.folder.log(of: .validator(1))) {
        stand.hasHonestWeights
      }
    }
    let keys = String(
      decoding: try AtomicFile(stand.plan.folder.log(of: .validator(PluginCase.all.count))).read(limit: 64 << 20),
      as: UTF8.self)
    #expect(!keys.contains(PluginStand.secret))
  }

  private func wait(
    for what: String, log: String, _ condition: () async throws -> Bool
  ) async throws {
    let deadline = ContinuousClock.now + .seconds(600)
    while try await !condition() {
      try #require(ContinuousClock.now < deadline, "no \(what): \(logTail(of: log, lineLimit: 10))")
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}

/// A chain, its neurons and their plugins, all of them processes.
private struct PluginStand {
  static let secret = "the secret of a wallet"

  let plan: LocalnetPlan
  private let folder: TemporaryFolder
  private let cases: [PluginCase]

  init(_ folder: TemporaryFolder, cases: [PluginCase]) throws {
    self.folder = folder
    self.cases = cases
    var plan = LocalnetPlan(
      subnet: "adder", executables: folderOfThisProgram(), folder: try StateFolder(making: folder.path + "/net"))
    plan.validatorCount = cases.count
    plan.minerCount = 2
    plan.blockTime = .milliseconds(500)
    self.plan = plan
    // A plugin beside the wallets, as in the home folder of somebody who tries things.
    let wallet = folder.path + "/.subnetkit/wallets/default"
    try makeFolders(wallet)
    try AtomicFile(wallet + "/coldkey", mode: 0o644).write(Array(Self.secret.utf8))
    try AtomicFile(folder.path + "/subnetkit.py", mode: 0o644).write(PythonFiles.module)
    try AtomicFile(folder.path + "/sums.py", mode: 0o755).write(PythonFiles.example)
    let keys = [wallet + "/coldkey", "/etc/shadow", "/proc/1/environ"]
    for hostile in cases {
      try AtomicFile(program(of: hostile), mode: 0o755).write(Array(hostile.source(keys: keys).utf8))
    }
  }

  private func program(of hostile: PluginCase) -> String { "\(folder.path)/\(hostile.name).py" }

  /// Rounds that a validator has ended, scored or not.
  func rounds(of validator: Int) -> Int {
    (try? status(of: validator)?.member("rounds").integer(Int.self)) ?? 0
  }

  /// Whether the first validator has a score over 0 for every miner and has set weights.
  var hasHonestWeights: Bool {
    guard let status = try? status(of: 1), let miners = try? status.member("miners").elements() else { return false }
    let valued = miners.filter { miner in
      if case .decimal(let text)? = miner["score"], let score = Double(text) { score > 0 } else { false }
    }
    return status["last_weights_block"] != .null && valued.count == plan.minerCount
  }

  private func status(of validator: Int) throws -> JSONValue? {
    try JSONValue(parsing: AtomicFile(plan.folder.status(of: .validator(validator))).read(limit: 1 << 20))
  }

  /// Runs the network with the body, and ends every process with it.
  func run(_ body: () async throws -> Void) async throws {
    let pair = CurveKeyPair.generate()
    let keys = TransportKeyPair(publicKey: TransportKey(pair.publicKey.key), secretBytes: pair.withSecret { Array($0) })
    let node = try await ZeroMQNode.start(keys: #require(keys))
    var children: [ChildProcess] = []
    do {
      let chain = try await ChildProcess.start(plan.chainCommand(endpoint: nil))
      children.append(chain)
      let address = try await address(of: chain)
      let log = Logger(name: "test", level: .error, to: RecordedLog())
      let client = try ChainClient(of: address, over: node, signingAs: .generate(), in: NodeSurroundings(log: log))
      for neuron in plan.neurons {
        try makeFolders(plan.folder.state(of: neuron.name))
        children.append(try await ChildProcess.start(command(of: neuron, chain: address)))
      }
      try await NetworkFounding(plan, on: client).run()
      try await body()
    } catch {
      await end(children, node)
      throw error
    }
    await end(children, node)
  }

  private func end(_ children: [ChildProcess], _ node: ZeroMQNode) async {
    for child in children { child.send(SIGTERM) }
    for child in children { await child.stop(grace: .seconds(20)) }
    await node.close()
  }

  private func command(of neuron: PlannedNeuron, chain: ChainAddress) throws -> ChildCommand {
    var command = try plan.command(of: neuron, chain: chain)
    let subnet = try #require(command.arguments.firstIndex(of: "--subnet"))
    let path = neuron.name.role == .miner ? "\(folder.path)/sums.py" : program(of: cases[neuron.name.number - 1])
    command.arguments.replaceSubrange(
      subnet...subnet + 1, with: ["--plugin", path, "--plugin.timeout", "10s", "--plugin.memory", "256"])
    command.environment["HOME"] = folder.path
    return command
  }

  private func address(of chain: ChildProcess) async throws -> ChainAddress {
    for await line in chain.lines {
      guard let ready = ReadyLine(parsing: line) else { continue }
      let endpoint = try #require(ready[.endpoint].flatMap { Endpoint($0) })
      let key = try #require(ready[.key].flatMap(ChainAddress.account))
      return ChainAddress(endpoint: endpoint, authority: key)
    }
    throw EndedEarly(description: "the chain ended: \(chain.logTail().joined(separator: "\n"))")
  }
}
