import ChainNode
import Daemon
import Localnet
import Neurons
import Primitives
import Synchronization
import Transport

/// A simulated network as it stood at some block: its chain, what its validators remember, and who ran.
struct SimulatedSnapshot: Sendable {
  fileprivate let height: BlockNumber
  fileprivate let state: NetworkState
  fileprivate let memories: [NodeName: [UInt8]]
  fileprivate let lines: [NodeName: LinkFaults]
  fileprivate let running: [NodeName]
}

extension SimulatedWorld {
  /// Notes how the network stands. What a node only holds in its memory is no part of it.
  func snapshot() async throws -> SimulatedSnapshot {
    let disks = disks.withLock { $0 }
    var memories: [NodeName: [UInt8]] = [:]
    for (name, disk) in disks { memories[name] = try disk.memory.read() }
    return SimulatedSnapshot(
      height: await chainLog.head()?.height ?? .genesis, state: watched.state, memories: memories,
      lines: lines.withLock { $0 }, running: running.withLock { $0.keys.sorted() })
  }

  /// Ends every node, brings back chain and memories, and starts those that ran; time goes on.
  func restore(_ snapshot: SimulatedSnapshot) async throws {
    await stopWatch()
    for name in running.withLock({ $0.keys.sorted() }) { await stop(name) }
    try await chainLog.rewind(to: snapshot.height)
    disks.withLock { disks in
      for name in disks.keys { disks[name]?.memory = .memory(snapshot.memories[name]) }
    }
    lines.withLock { $0 = snapshot.lines }
    watched.update { state in
      // Starts are counted on: what a node draws at random must not come twice.
      let starts = state.nodes.mapValues(\.startCount)
      state = snapshot.state
      for (name, count) in starts { state.nodes[name]?.startCount = count }
    }
    for name in snapshot.running { try await start(name) }
    try startWatch()
  }
}
