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

  /// An epoch that a block tells of; what it paid is asked for before it is settled.
  package struct EpochNotice: Sendable, Hashable {
    package let index: UInt64
    package let block: BlockNumber
  }

  package let netuid: NetUID
  package var times = Times()
  package private(set) var height: BlockNumber
  package private(set) var stateRoot = Hash256.zero
  package private(set) var epochs: [EpochSummary] = []
  /// The neurons as they were after the last epoch or registration; nil before there are any.
  package private(set) var metagraph: MetagraphView?
  /// Blocks in which a uid set weights last.
  package private(set) var lastWeights: [UID: BlockNumber] = [:]
  /// Every account that an event named: whoever owns TAO is among them or in the genesis.
  package private(set) var accounts: Set<AccountID> = []

  /// - Parameter height: The last block that is not looked at.
  package init(netuid: NetUID, after height: BlockNumber = .genesis) {
    self.netuid = netuid
    self.height = height
  }

  package var settledEpochs: [EpochSummary] { epochs.filter(\.isSettled) }

  /// Takes in a block that follows the last one.
  ///
  /// - Parameters:
  ///   - events: `Event` messages.
  ///   - elapsed: Since the start of the command.
  /// - Returns: The epochs of this subnet that ran in the block.
  package mutating func take(
    _ block: BlockNumber, stateRoot: Hash256, events: [Fields], elapsed: Duration
  ) -> [EpochNotice] {
    height = block
    self.stateRoot = stateRoot
    var notices: [EpochNotice] = []
    for event in events {
      guard let entry = event.entries.first, case .group(let fields) = entry.value else { continue }
      collectAccounts(in: fields)
      guard fields["netuid"] == .unsigned(UInt64(netuid.value)) else { continue }
      switch entry.name {
      case "epoch_ran": if let notice = notice(in: fields, of: block) { notices.append(notice) }
      case "weights_set", "weights_committed":
        if case .unsigned(let uid)? = fields["uid"] { lastWeights[UID(UInt16(clamping: uid))] = block }
        if times.firstWeights == nil { times.firstWeights = elapsed }
      default: break
      }
    }
    return notices
  }

  /// Takes in what an epoch paid.
  package mutating func settle(_ epoch: EpochSummary, elapsed: Duration) {
    epochs.append(epoch)
    if epoch.isSettled, times.firstSettlement == nil { times.firstSettlement = elapsed }
  }

  /// Takes in a newer view of the neurons.
  package mutating func show(_ metagraph: MetagraphView) { self.metagraph = metagraph }

  /// What a hotkey was paid over all epochs, in alpha rao: in all, and for mining.
  package func totals(of hotkey: Hotkey) -> (emission: UInt64, minerEmission: UInt64) {
    var totals: (emission: UInt64, minerEmission: UInt64) = (0, 0)
    for row in epochs.lazy.flatMap(\.rows) where row.hotkey == hotkey {
      totals.emission += row.emission
      totals.minerEmission += row.minerEmission
    }
    return totals
  }

  private func notice(in fields: Fields, of block: BlockNumber) -> EpochNotice? {
    // The first mechanism is the one that local networks have.
    guard fields["mechid"] == .unsigned(0), case .unsigned(let index)? = fields["epoch_index"] else { return nil }
    return EpochNotice(index: index, block: block)
  }

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
