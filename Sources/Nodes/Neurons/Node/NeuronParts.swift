package import Daemon
package import Keys
import Primitives
package import SubnetKit
package import Transport

/// What a miner and a validator are both made of: a key, the chain, a way to the others, a mechanism, and who hears of them.
package struct NeuronParts: Sendable {
  let key: KeyPair
  let client: ChainClient
  let transport: any TransportNode
  let host: MechanismHost
  let status: StatusFile?
  let surroundings: NodeSurroundings
  /// Called once, when the node does its work.
  let onReady: @Sendable (ReadyLine) -> Void

  /// - Parameters:
  ///   - key: The hotkey; its converted form must be the transport's key.
  ///   - onReady: Called once: when a validator is registered, when a miner's axon is on the chain.
  package init(
    key: KeyPair, chain: ChainAddress, over transport: any TransportNode, running host: MechanismHost,
    status: StatusFile? = nil, in surroundings: NodeSurroundings,
    onReady: @escaping @Sendable (ReadyLine) -> Void = { _ in }
  ) throws(ChainClientError) {
    self.key = key
    client = try ChainClient(of: chain, over: transport, signingAs: key, in: surroundings)
    self.transport = transport
    self.host = host
    self.status = status
    self.surroundings = surroundings
    self.onReady = onReady
  }

  var hotkey: Hotkey { Hotkey(key.account) }
  var log: Logger { surroundings.log }

  /// Does a node's work.
  ///
  /// - Throws: What the work throws; for an end that was asked for, the name that the services' runner knows it by.
  func run(_ work: () async throws -> Void) async throws {
    do {
      try await work()
    } catch ChainClientError.cancelled {
      throw CancellationError()
    }
  }

  /// A way to ask others on a subnet.
  func dendrite(on netuid: NetUID, of chainID: Hash256) -> Dendrite {
    Dendrite(over: transport, key: key, chainID: chainID, netuid: netuid, in: surroundings)
  }
}
