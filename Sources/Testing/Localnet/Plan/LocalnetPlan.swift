package import Keys
package import Neurons
package import Primitives

/// What a local network consists of: one chain, validators and miners of one subnet, and how fast it lives.
package struct LocalnetPlan: Sendable {
  /// Validators or miners that one network may have: all of them fit beside the owner into the subnet's uids, and a
  /// batch registers them in one transaction.
  package static let neuronLimit = 100
  /// What creating the subnet costs, and so the TAO in its pool; with the profile's 1 TAO a stake of 9 would multiply
  /// the price by 100 (economy 16).
  package static let lockCost = Rao.tao(1000)
  /// The stake of the last validator; each one before it has so much more.
  package static let stakeStep = Rao.tao(100)

  /// The mechanism's name, as `validator` and `miner` know it.
  package var subnet: String
  /// The author's program that does the subnet's work; without one the executables know the mechanism.
  package var plugin: AuthorProgram?
  package var validatorCount = 2
  package var minerCount = 4
  package var blockTime: Duration = .milliseconds(250)
  /// Blocks between two epochs.
  package var tempo: UInt16 = 10
  /// What validators draw their tasks from; the system's randomness without one.
  package var seed: UInt64?
  /// Texts for the mechanism `text`; its own default without one.
  package var corpus: String?
  /// `name=value` for every validator and miner.
  package var options: [String] = []
  /// `name=value` for single nodes, after those for all.
  package var nodeOptions: [NodeName: [String]] = [:]
  /// Nodes that do not work as they should.
  package var behaviours: [NodeName: Behaviour] = [:]
  /// How long a miner has for its answer; the validator's own default without.
  package var taskDeadline: Duration?
  /// From one round of a validator to the next; its own default without.
  package var roundInterval: Duration?
  /// Whether miners of the subnet `text` get a better model each, where no option says otherwise.
  package var gradesMiners = true
  /// Where `chain`, `validator` and `miner` are.
  package var executables: String
  package var folder: StateFolder

  package init(subnet: String, executables: String, folder: StateFolder) {
    self.subnet = subnet
    self.executables = executables
    self.folder = folder
  }

  /// The subnet's number: the first on a fresh chain.
  package let netuid = NetUID(1)

  /// What the miners do, in words that tell it from others.
  package var work: String { plugin.map { "plugin \($0.path)" } ?? "subnet \(subnet)" }

  /// Validators, then miners.
  package var neurons: [PlannedNeuron] {
    (1...max(1, validatorCount)).prefix(validatorCount).map { number in
      let stake = Rao(LocalnetPlan.stakeStep.value * UInt64(validatorCount - number + 1))
      return PlannedNeuron(name: .validator(number), account: .validator, stake: stake)
    }
      + (1...max(1, minerCount)).prefix(minerCount).map { number in
        PlannedNeuron(name: .miner(number), account: .miner, stake: .zero)
      }
  }

  /// The nodes in the order in which they start.
  package var nodes: [NodeName] { [.chain] + neurons.map(\.name) }

  /// Whether somebody trades in the subnet's alpha: only so is there a price for miners of `forecast` to know about.
  package var hasTraffic: Bool { subnet == "forecast" }

  /// The `k` of a miner of the subnet `text`: 1, 2, 3 and so on, so that every miner is better than the one before; nil
  /// for other subnets, and where the plan's options set it for all.
  package func order(of miner: NodeName) -> Int? {
    let given = options + (nodeOptions[miner] ?? [])
    let isText = plugin == nil && subnet == "text" && miner.role == .miner
    guard gradesMiners, isText, !given.contains(where: { $0.hasPrefix("k=") }) else {
      return nil
    }
    return min(miner.number, LocalnetPlan.highestOrder)
  }

  /// The highest `k` that the mechanism takes.
  private static let highestOrder = 8

  /// The hotkey of uid 0, which `//owner` creates the subnet with.
  package static let ownerHotkey = KeyPair.development(name: "subnet-owner")
  /// The key that the local profile gives the word of root.
  package static let sudo = KeyPair.development(name: "Alice")
}

/// One validator or miner and its keys, all of them development keys.
package struct PlannedNeuron: Sendable {
  package let name: NodeName
  /// Whose TAO pays for it.
  package let account: DevelopmentAccount
  /// TAO to stake on its hotkey at the start.
  package let stake: Rao

  /// The hotkey as a command line names it: `//miner-1`.
  package var hotkeyReference: String { "//\(name)" }
  package var hotkey: Hotkey { Hotkey(KeyPair.development(name: name.description).account) }
  package var coldkey: Coldkey { Coldkey(account.account) }
}
