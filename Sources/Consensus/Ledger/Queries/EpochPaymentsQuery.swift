package import Primitives

/// What every neuron of a subnet earned in the last epoch, and by which scores.
package struct EpochPaymentsQuery: StateQuery {
  package static let name = "epoch_payments"

  package var netuid = NetUID.root
  package var page = PageRequest()

  package init() {}
  package init(netuid: NetUID, page: PageRequest = PageRequest()) {
    self.netuid = netuid
    self.page = page
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    page.map(&fields)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> EpochPaymentsAnswer {
    let subnet = try state.subnet(netuid)
    let slots = try state.neurons(of: netuid)
    let scores = try state.scores(of: netuid, .main)
    let withholds = subnet.parameters.recycleOrBurn != .pay
    let page = try state.uidPage(page, on: netuid) { uid -> EpochPaymentRow? in
      var row = EpochPaymentRow(uid, slots, incentive: scores.incentive[uid.index])
      row.coldkey = state.owner(of: row.hotkey) ?? Coldkey()
      row.take = state.delegateTake(of: row.hotkey)
      row.withheld = withholds && netuid != .root && row.coldkey == subnet.owner
      return row
    }
    var answer = EpochPaymentsAnswer(subnet, netuid)
    answer.payments = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct EpochPaymentsAnswer: FieldMapped {
  package var netuid = NetUID.root
  package var epochIndex: UInt64 = 0
  /// Of the last epoch that ran; 0 before the first.
  package var block = BlockNumber.genesis
  package var payments: [EpochPaymentRow] = []
  package var nextCursor: [UInt8] = []
  /// Alpha that the next epoch will divide, so far.
  package var pendingServer: UInt64 = 0
  package var pendingValidator: UInt64 = 0
  package var pendingRoot: UInt64 = 0
  package var pendingOwner: UInt64 = 0

  package init() {}

  init(_ subnet: Subnet, _ netuid: NetUID) {
    self.netuid = netuid
    epochIndex = subnet.clock.epochIndex
    block = subnet.clock.lastStepBlock
    pendingServer = subnet.pendingServer
    pendingValidator = subnet.pendingValidator
    pendingRoot = subnet.pendingRoot
    pendingOwner = subnet.pendingOwner
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.number("epoch_index", &epochIndex)
    fields.block("block", &block)
    fields.groups("payments", &payments, limit: AnswerLimits.uids)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
    fields.number("pending_server", &pendingServer)
    fields.number("pending_validator", &pendingValidator)
    fields.number("pending_root", &pendingRoot)
    fields.number("pending_owner", &pendingOwner)
  }
}

package struct EpochPaymentRow: FieldMapped {
  package var uid = UID(0)
  package var hotkey = Hotkey()
  package var coldkey = Coldkey()
  /// Score of the first mechanism.
  package var incentive: UInt16 = 0
  /// Score of all mechanisms.
  package var dividends: UInt16 = 0
  /// Alpha.
  package var incentivePaid: UInt64 = 0
  package var dividendsPaid: UInt64 = 0
  /// Of the dividends the part of the hotkey's owner, in 1/65535.
  package var take: UInt16 = 0
  /// The incentive of the subnet owner's own hotkeys, which is burned or recycled instead.
  package var withheld = false

  package init() {}

  init(_ uid: UID, _ slots: NeuronSlots, incentive: UInt16) {
    self.uid = uid
    hotkey = slots.hotkeys[uid.index]
    self.incentive = incentive
    dividends = slots.dividends[uid.index]
    incentivePaid = slots.paidIncentive[uid.index]
    dividendsPaid = slots.paidDividends[uid.index]
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.uid("uid", &uid)
    fields.hotkey("hotkey", &hotkey)
    fields.coldkey("coldkey", &coldkey)
    fields.number("incentive", &incentive)
    fields.number("dividends", &dividends)
    fields.number("incentive_paid", &incentivePaid)
    fields.number("dividends_paid", &dividendsPaid)
    fields.number("take", &take)
    fields.flag("withheld", &withheld)
  }
}
