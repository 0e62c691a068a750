package import Neurons
package import Primitives

/// All that was seen of a network, block by block; the report is made from it.
///
/// A value without clock and chain: blocks go in, totals come out. Every block is taken once, in order.
package struct RunRecord: Sendable {
  /// When something first happened, from the start of the command.
  package struct Times: Sendable, Hashable {
    package var ready: Duration?
    package var firstWeights: Duration?
    package var firstSettlement: Duration?
  }

  package let netuid: NetUID
  package var times = Times()
  package private(set) var height = BlockNumber.genesis
  package private(set) var stateRoot = Hash256.zero
  package private(set) var epochs: [EpochSummary] = []
  /// Epochs that ran, and of which nothing could be read.
  package private(set) var missedEpochs = 0
  /// The neurons as they were after the last epoch or registration; nil before there are any.
  package private(set) var metagraph: MetagraphView?
  /// Blocks in which a uid set weights last.
  package private(set) var lastWeights: [UID: BlockNumber] = [:]
  /// Every account that an event named: whoever owns TAO is among them or in the genesis.
  package private(set) var accounts: Set<AccountID> = []

  package init(netuid: NetUID) { self.netuid = netuid }

  package var settledEpochs: [EpochSummary] { epochs.filter(\.isSettled) }

  /// The epochs of this subnet that events tell of, by the chain's count.
  package func epochs(in events: [Fields]) -> [UInt64] {
    events.compactMap { event in
      // Of several mechanisms the first tells; they are paid together.
      guard case .group(let fields)? = event["epoch_ran"], isOurs(fields), fields["mechid"] == .unsigned(0),
        case .unsigned(let index)? = fields["epoch_index"]
      else { return nil }
      return index
    }
  }

  /// Takes in a block that follows the last one.
  ///
  /// - Parameters:
  ///   - events: `Event` messages.
  ///   - elapsed: Since the start of the command.
  package mutating func take(_ block: BlockNumber, stateRoot: Hash256, events: [Fields], elapsed: Duration) {
    height = block
    self.stateRoot = stateRoot
    for event in events {
      guard let entry = event.entries.first, case .group(let fields) = entry.value else { continue }
      collectAccounts(in: fields)
      guard isOurs(fields), entry.name == "weights_set" || entry.name == "weights_committed" else { continue }
      if case .unsigned(let uid)? = fields["uid"] { lastWeights[UID(UInt16(clamping: uid))] = block }
      if times.firstWeights == nil { times.firstWeights = elapsed }
    }
  }

  /// Takes in a block of an earlier run: only who it names.
  package mutating func pass(_ block: BlockNumber, events: [Fields]) {
    height = block
    for event in events { collectAccounts(in: event) }
  }

  /// Takes in what an epoch paid.
  package mutating func settle(_ epoch: EpochSummary, elapsed: Duration) {
    epochs.append(epoch)
    if epoch.isSettled, times.firstSettlement == nil { times.firstSettlement = elapsed }
  }

  /// Takes in that epochs ran whose payments are not kept any more.
  package mutating func miss(epochs count: Int) { missedEpochs += count }

  /// Takes in a newer view of the neurons; nil when the one there is outdated and there is none to replace it.
  package mutating func show(_ metagraph: MetagraphView?) { self.metagraph = metagraph }

  /// What a hotkey was paid over all epochs, in alpha rao: in all, and for mining.
  package func totals(of hotkey: Hotkey) -> (emission: UInt64, minerEmission: UInt64) {
    var totals: (emission: UInt64, minerEmission: UInt64) = (0, 0)
    for row in epochs.lazy.flatMap(\.rows) where row.hotkey == hotkey {
      totals.emission += row.emission
      totals.minerEmission += row.minerEmission
    }
    return totals
  }

  private func isOurs(_ fields: Fields) -> Bool { fields["netuid"] == .unsigned(UInt64(netuid.value)) }

  private mutating func collectAccounts(in fields: Fields) {
    for entry in fields.entries {
      switch entry.value {
      case .bytes(let bytes): if let account = AccountID(bytes) { accounts.insert(account) }
      case .bytesList(let list): accounts.formUnion(list.compactMap { AccountID($0) })
      case .group(let group): collectAccounts(in: group)
      case .groupList(let groups): groups.forEach { collectAccounts(in: $0) }
      case .unsigned, .signed, .flag, .unsignedList: break
      }
    }
  }
}
