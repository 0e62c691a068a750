package import Neurons
package import Primitives

/// What a run of a local network came to: the stable document behind `--report`, described in this room's article.
package struct RunReport: Sendable {
  /// Raised when a member changes its meaning or goes away; new members do not raise it.
  package static let formatVersion = 1

  /// Where all TAO is; the parts sum to the issuance.
  package struct Supply: Sendable, Hashable {
    /// Balances of accounts, held deposits included.
    package let balances: UInt64
    /// Staked on the root network.
    package let rootStake: UInt64
    /// In the pools of subnets.
    package let poolReserves: UInt64

    package init(balances: UInt64, rootStake: UInt64, poolReserves: UInt64) {
      self.balances = balances
      self.rootStake = rootStake
      self.poolReserves = poolReserves
    }

    package var sum: UInt64 { balances + rootStake + poolReserves }
  }

  /// One uid of the subnet.
  package struct Neuron: Sendable {
    package let uid: UID
    /// `owner`, `validator`, `miner`, or `other` for one that the launcher did not start.
    package let role: String
    package let name: String
    package let hotkey: Hotkey
    package let coldkey: Coldkey
    /// Alpha rao on the hotkey.
    package let stake: UInt64
    package let incentive: UInt16
    package let dividends: UInt16
    /// Alpha rao over all epochs of the run.
    package let emissionTotal: UInt64
    package let minerEmissionTotal: UInt64
    package let tasks: TaskCounts
    /// The miner's own setting that explains its score; nil where there is none.
    package let order: Int?
    /// The mean of the validators' averages for it, in 0...1; nil for those that nobody scored.
    package let score: Double?
    /// What its answers measured at, on average; nil where the mechanism measures nothing.
    package let measure: MeasureMean?
    /// Block of its last weights.
    package let lastWeights: BlockNumber?
  }

  package let subnet: String
  package let netuid: NetUID
  package let height: BlockNumber
  package let stateRoot: Hash256
  package let issuance: Rao
  package let supply: Supply
  package let neurons: [Neuron]
  package let epochs: [EpochSummary]
  /// Epochs that ran while nobody watched, too long ago for the chain to tell of them; totals lack what they paid.
  package let missedEpochs: Int
  package let times: RunRecord.Times

  /// Puts together what is known of a network at one block.
  package init(_ plan: LocalnetPlan, _ state: NetworkState, _ books: ChainBooks) {
    subnet = plan.subnet
    netuid = plan.netuid
    height = books.height
    stateRoot = books.stateRoot
    issuance = books.issuance
    supply = books.supply
    epochs = state.record.epochs
    missedEpochs = state.record.missedEpochs
    times = state.record.times
    neurons = books.metagraph.neurons.map { Neuron($0, plan, state) }
  }
}

extension RunReport.Neuron {
  init(_ neuron: NeuronView, _ plan: LocalnetPlan, _ state: NetworkState) {
    let planned = plan.neurons.first { $0.hotkey == neuron.hotkey }
    let label = NeuronLabel(neuron, plan)
    let totals = state.record.totals(of: neuron.hotkey)
    uid = neuron.uid
    role = label.role
    name = label.name
    hotkey = neuron.hotkey
    coldkey = neuron.coldkey
    stake = neuron.alphaStake
    incentive = neuron.incentive
    dividends = neuron.dividends
    emissionTotal = totals.emission
    minerEmissionTotal = totals.minerEmission
    tasks = state.tasks(of: neuron.hotkey)
    order = planned.flatMap { plan.order(of: $0.name) }
    score = state.score(of: neuron.hotkey)
    measure = state.measure(of: neuron.hotkey)
    lastWeights = state.record.lastWeights[neuron.uid]
  }
}
