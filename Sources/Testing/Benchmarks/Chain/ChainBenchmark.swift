package import Daemon
import JSONText
import Keys
import Neurons
import Primitives
package import Transport
import Wire

/// Measures a real `chain` process over real sockets, against the signatures that the same machine verifies.
///
/// Everything runs on this machine: the process that makes blocks and stores them durably, and the clients that load
/// it, share its processors. Transfers are signed before the clock starts.
package struct ChainBenchmark: Sendable {
  /// The `chain` executable.
  package var executable: String
  /// A folder of its own, which the caller removes.
  package var folder: String
  package var duration: Duration = .seconds(6)
  package var blockTime: Duration = .milliseconds(100)
  /// What a block takes at most; a quarter is kept from transfers.
  package var blockBytes = 2 << 20
  package var clients = 12
  package var accounts = 768
  /// Whether clients ignore the time after which a refused call is worth another try.
  package var isRude = false

  /// Left out at both ends of the measure.
  private static let warmUp: Duration = .seconds(1)
  /// Transfers signed for every second of load.
  private static let supplyPerSecond = 45_000

  package init(executable: String, folder: String) {
    self.executable = executable
    self.folder = folder
  }

  /// Runs all of it.
  ///
  /// - Parameter connect: Makes a client's own node on the network.
  package func run(
    connect: @escaping @Sendable () async throws -> any TransportNode
  ) async throws -> ChainBenchmarkResult {
    try makeFolders(folder)
    let genesis = folder + "/genesis.json"
    try AtomicFile(genesis).write(Array(ExtrinsicSupply.genesis(accounts: accounts).compactText.utf8))
    let child = try await ChildProcess.start(
      ChildCommand(
        name: "chain", executable: executable,
        arguments: [
          "--profile", "local", "--genesis", genesis, "--state", folder + "/state", "--block-time", blockTime.text,
          "--block-bytes", "\(blockBytes)",
          "--endpoint", "tcp://127.0.0.1:0", "--log-level", "warning", "--json",
        ], logPath: folder + "/chain.log", readsLines: true))
    do {
      let result = try await measure(child, connect)
      await child.stop(grace: .seconds(10))
      return result
    } catch {
      await child.stop(grace: .seconds(10))
      throw error
    }
  }

  private func measure(
    _ child: ChildProcess, _ connect: @escaping @Sendable () async throws -> any TransportNode
  ) async throws -> ChainBenchmarkResult {
    let chain = try await ready(child)
    let seconds = Int((duration + ChainBenchmark.warmUp * 2) / .seconds(1))
    let supply = try await ExtrinsicSupply.signed(
      accounts: accounts, perAccount: seconds * ChainBenchmark.supplyPerSecond / accounts, chainID: chain.id)
    let verifiedBefore = await SignatureBenchmark.run(supply.checks, for: .seconds(1))
    let memory = MemoryWatch(pid: child.pid)
    let before = memory.residentBytes
    let processor = (chain: ProcessorTime.of(child.pid), clients: ProcessorTime.own)
    let start = UInt64(SystemWallClock().millisecondsSince1970)
    let (tallies, resident) = try await watched(memory) { try await load(supply, chain, connect) }
    let end = SystemWallClock().millisecondsSince1970
    let spent = (chain: ProcessorTime.of(child.pid) - processor.chain, clients: ProcessorTime.own - processor.clients)
    // Before and after, since the machine may have other things to do.
    let verifiedAfter = await SignatureBenchmark.run(supply.checks, for: .seconds(1))
    let blocks = try await blocks(of: chain, connect).filter { $0.milliseconds >= start && $0.milliseconds <= end }
    let warm = UInt64(ChainBenchmark.warmUp / .milliseconds(1))
    return ChainBenchmarkResult(
      settings: self, verified: [verifiedBefore, verifiedAfter], tallies: tallies,
      blocks: blocks.filter { $0.milliseconds >= start + warm },
      included: blocks.reduce(0) { $0 + $1.extrinsics }, chainMicroseconds: spent.chain,
      clientMicroseconds: spent.clients, residentBefore: before, resident: resident, residentPeak: memory.peakBytes)
  }

  /// Does something while the memory of the chain is looked at every now and then.
  private func watched<Value: Sendable>(
    _ memory: MemoryWatch, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> (Value, resident: [Int]) {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await work() }
      var resident: [Int] = []
      while true {
        group.addTask {
          try await ContinuousClock().sleep(for: .milliseconds(250))
          return nil
        }
        if let value = try await group.next() ?? nil {
          group.cancelAll()
          return (value, resident)
        }
        resident.append(memory.residentBytes)
      }
    }
  }

  private struct Chain: Sendable {
    let id: Hash256
    let peer: ExchangePeer
  }

  private func ready(_ child: ChildProcess) async throws -> Chain {
    for await line in child.lines {
      guard let ready = ReadyLine(parsing: line), let endpoint = ready[.endpoint].flatMap({ Endpoint($0) }),
        let key = ready[.key].flatMap(ChainAddress.account), let peer = ExchangePeer(account: key, at: endpoint),
        let genesis = ready[.genesis].flatMap({ Bytes32(hex: $0) })
      else { continue }
      return Chain(id: Hash256(genesis), peer: peer)
    }
    throw BenchmarkError.chainEnded(tail: child.logTail())
  }

  private func load(
    _ supply: ExtrinsicSupply, _ chain: Chain, _ connect: @escaping @Sendable () async throws -> any TransportNode
  ) async throws -> [LoadClient.Tally] {
    let share = supply.lanes.count / clients
    let end = ContinuousClock.now + duration + ChainBenchmark.warmUp
    return try await withThrowingTaskGroup(of: LoadClient.Tally.self) { group in
      // A few sockets carry all clients, as a few gateways would.
      var nodes: [any TransportNode] = []
      for _ in 0..<min(clients, 4) { nodes.append(try await connect()) }
      for number in 0..<clients {
        let client = self.client(of: chain, over: nodes[number % nodes.count], number)
        group.addTask {
          try await client.load(Array(supply.lanes[number * share..<(number + 1) * share]), until: end)
        }
      }
      var tallies: [LoadClient.Tally] = []
      for try await tally in group { tallies.append(tally) }
      for node in nodes { await node.close() }
      return tallies
    }
  }

  private func client(of chain: Chain, over sender: any RequestSender, _ number: Int) -> LoadClient {
    LoadClient(
      exchange: SignedExchange(
        sender: sender, key: .development(name: "client-\(number)"), time: .system, random: .system),
      peer: chain.peer, chainID: chain.id, isPolite: !isRude)
  }

  /// Every block of the chain so far, asked for after the load.
  private func blocks(
    of chain: Chain, _ connect: @Sendable () async throws -> any TransportNode
  ) async throws -> [ChainBenchmarkResult.Block] {
    let node = try await connect()
    let client = client(of: chain, over: node, clients)
    var blocks: [ChainBenchmarkResult.Block] = []
    while let bytes = try await block(BlockNumber(UInt64(blocks.count + 1)), from: client) {
      let sealed = try SealedBlock(decoding: bytes)
      blocks.append(.init(milliseconds: sealed.header.timestampMilliseconds, extrinsics: sealed.extrinsics.count))
    }
    await node.close()
    return blocks
  }

  private func block(_ number: BlockNumber, from client: LoadClient) async throws -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk: UInt64 = 0
    while true {
      let request = try WireCodec.encode(
        ["block_at": .group(["number": .unsigned(number.value), "chunk": .unsigned(chunk)])], as: .queryRequest)
      guard let reply = try await client.ask(request)?.group("block_at"), case .bytes(let data)? = reply["data"],
        case .unsigned(let count)? = reply["chunk_count"]
      else { return nil }
      bytes += data
      chunk += 1
      if chunk == count { return bytes }
    }
  }
}

/// Why there is no result.
package enum BenchmarkError: ExitCoding, CustomStringConvertible {
  case chainEnded(tail: [String])

  package var exitCode: ExitCode { .failed }
  package var description: String {
    switch self {
    case .chainEnded(let tail): "the chain ended before it was ready: " + tail.joined(separator: "\n")
    }
  }
}
