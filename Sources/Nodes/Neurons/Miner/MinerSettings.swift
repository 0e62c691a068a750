package import Primitives
package import Transport

/// What a miner serves, and where.
package struct MinerSettings: Sendable {
  package var netuid: NetUID
  /// Where to listen; port 0 lets the kernel choose.
  package var bindEndpoint: Endpoint = .anyLoopbackPort
  /// The address to publish; the one that is bound without it.
  package var announcedAddress: IPAddress?
  package var axon = AxonSettings()
  /// At most so often the metagraph is asked for, however fast the blocks are.
  package var refreshInterval: Duration = .seconds(1)
  /// How it answers; other than honest in test networks only.
  package var behaviour = Behaviour.honest

  package init(netuid: NetUID) { self.netuid = netuid }

  /// The program's revision as the axon record carries it.
  static let axonVersion: UInt32 = 1
}
