import ChainNode
import Daemon
import Keys
package import Ledger
import Localnet
import Neurons
package import Primitives
import Storage
package import SubnetKit
package import Transport

/// A whole network in one thread: the real chain, validators and miners over Loopback, under a virtual clock.
///
/// Everything that a node takes from the world follows from the seed, so two runs of one description end in the
/// same state, block for block.
package struct SimulatedNetwork: Sendable {
  package var mechanism: any IncentiveMechanism.Type
  /// Options of each miner, `name=value`; as many miners as there are lists.
  package var minerOptions: [[String]]
  package var validatorOptions: [String] = []
  package var validatorCount = 2
  package var seed: UInt64
  package var blockTime: Duration = .milliseconds(250)
  package var tempo: UInt16 = 10
  package var faults = LoopbackFaults.none

  package init(_ mechanism: any IncentiveMechanism.Type, minerOptions: [[String]], seed: UInt64) {
    self.mechanism = mechanism
    self.minerOptions = minerOptions
    self.seed = seed
  }

  /// What a run ended with.
  package struct Ending: Sendable {
    /// State roots by height, from block 1.
    package let stateRoots: [Hash256]
    package let state: LedgerState
    /// Neurons of the subnet by uid.
    package let neurons: NeuronSlots
    /// Incentive of each uid in 1/65535, as the last epoch left it.
    package let incentive: [UInt16]
  }

  /// Runs the network until the chain has so many blocks.
  ///
  /// - Throws: What a node ended with, or that the simulation got stuck.
  package func run(blocks: UInt64) throws -> Ending {
    try Simulation().run { clock in try await run(blocks: blocks, clock: clock) }
  }

  private func run(blocks: UInt64, clock: VirtualClock) async throws -> Ending {
    let wall = VirtualWallClock(clock)
    let network = LoopbackNetwork(clock: clock, seed: seed, faults: faults)
    let logger = Logger(name: "simulation", level: .error, form: .json, to: RecordedLog(), clock: wall)
    let authority = KeyPair.development(name: "authority")
    let genesis = ChainGenesis(.local, authority: authority.account)
    let log = MemoryBlockLog()
    let recent = try await ChainReplay(genesis: genesis, log: log, logger: logger).run()
    let producer = BlockProducer(
      genesis: genesis, from: recent, key: authority, log: log, blockTime: .every(blockTime), clock: clock,
      wallClock: wall, logger: logger)
    let chainNode = network.node(named: "chain", key: TransportKeyPair(converting: authority).publicKey)
    let receiver = try await chainNode.bindReceiver(at: .loop("chain"), admission: TransportAdmission(.any))
    let service = ChainService(
      producer: producer, receiver: receiver, key: authority, clock: clock, wallClock: wall, logger: logger)
    let address = ChainAddress(endpoint: receiver.address.endpoint, authority: authority.account)

    let nodes = try await neurons(chain: address, network: network, clock: clock, logger: logger)
    return try await withThrowingTaskGroup(of: Progress.self) { group in
      for node in [service] + nodes {
        group.addTask {
          try await node.run()
          return .nodeEnded
        }
      }
      group.addTask {
        try await found(chain: address, network: network, clock: clock, logger: logger)
        return .founded
      }
      if plan().hasTraffic {
        group.addTask {
          try await trade(chain: address, network: network, clock: clock, logger: logger)
          return .nodeEnded
        }
      }
      group.addTask {
        while await producer.head.number.value < blocks { try await clock.sleep(for: blockTime) }
        return .reached
      }
      while let progress = try await group.next(), progress != .reached {
        if progress == .nodeEnded { throw NodeEndedEarly() }
      }
      let ending = await ending(of: producer, log, blocks: blocks)
      group.cancelAll()
      // Nodes that were told to end have nothing more to say.
      while let result = await group.nextResult() { _ = result }
      return ending
    }
  }

  private enum Progress: Sendable {
    case founded
    case reached
    case nodeEnded
  }

  /// A node returned although nobody told it to.
  package struct NodeEndedEarly: Error {}

  private func plan() -> LocalnetPlan {
    var plan = LocalnetPlan(subnet: mechanism.name, executables: "", folder: StateFolder(existing: ""))
    plan.validatorCount = validatorCount
    plan.minerCount = minerOptions.count
    plan.tempo = tempo
    plan.seed = seed
    return plan
  }

  private func found(
    chain: ChainAddress, network: LoopbackNetwork, clock: VirtualClock, logger: Logger
  ) async throws {
    let key = KeyPair.development(name: "founder")
    let node = network.node(named: "founder", key: TransportKeyPair(converting: key).publicKey)
    let client = try ChainClient(of: chain, over: node, signingAs: key, in: surroundings("founder", clock, logger))
    try await NetworkFounding(plan(), on: client).run()
  }

  private func trade(
    chain: ChainAddress, network: LoopbackNetwork, clock: VirtualClock, logger: Logger
  ) async throws {
    let key = KeyPair.development(name: "trader")
    let node = network.node(named: "trader", key: TransportKeyPair(converting: key).publicKey)
    let client = try ChainClient(of: chain, over: node, signingAs: key, in: surroundings("trader", clock, logger))
    var traffic = MarketTraffic(of: plan(), on: client, log: logger)
    try await traffic.run()
  }

  private func neurons(
    chain: ChainAddress, network: LoopbackNetwork, clock: VirtualClock, logger: Logger
  ) async throws -> [any Service] {
    var nodes: [any Service] = []
    let plan = plan()
    for (index, neuron) in plan.neurons.enumerated() {
      let name = neuron.name.description
      let key = KeyPair.development(name: name)
      let node = network.node(named: name, key: TransportKeyPair(converting: key).publicKey)
      let isValidator = neuron.name.role == .validator
      let host = try await MechanismHost(
        mechanism, role: isValidator ? .validator : .miner,
        arguments: isValidator ? validatorOptions : minerOptions[index - validatorCount])
      let parts = try NeuronParts(
        key: key, chain: chain, over: node, running: host, in: surroundings(name, clock, logger))
      if isValidator {
        let settings = ValidatorSettings(netuid: plan.netuid, seed: seed &+ UInt64(index))
        nodes.append(ValidatorNode(of: parts, settings: settings, keeping: .memory()))
      } else {
        nodes.append(MinerNode(of: parts, settings: MinerSettings(netuid: plan.netuid)))
      }
    }
    return nodes
  }

  private func surroundings(_ name: String, _ clock: VirtualClock, _ logger: Logger) -> NodeSurroundings {
    let nameSeed = name.utf8.reduce(seed) { $0 &* 31 &+ UInt64($1) }
    return NodeSurroundings(
      time: NodeTime(clock, wall: VirtualWallClock(clock)), random: .seeded(nameSeed), log: logger)
  }

  private func ending(of producer: BlockProducer, _ log: MemoryBlockLog, blocks: UInt64) async -> Ending {
    var roots: [Hash256] = []
    while roots.count < Int(blocks) {
      let batch = await log.blocks(from: BlockNumber(UInt64(roots.count) + 1), limit: 64)
      guard !batch.isEmpty else { break }
      roots += batch.map(\.stateRoot)
    }
    let newest = await producer.head.state
    let state = await producer.block(at: BlockNumber(blocks))?.state ?? newest
    let netuid = plan().netuid
    return Ending(
      stateRoots: Array(roots.prefix(Int(blocks))), state: state, neurons: state.slots[netuid] ?? NeuronSlots(),
      incentive: state.mechanisms[MechanismKey(netuid, .main)]?.incentive ?? [])
  }
}
