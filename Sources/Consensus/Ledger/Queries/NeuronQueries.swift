package import Primitives

/// One neuron with its weights and bonds on the first mechanism.
package struct NeuronQuery: StateQuery {
  package static let name = "neuron"

  package var netuid = NetUID.root
  package var uid = UID(0)

  package init() {}
  package init(netuid: NetUID, uid: UID) {
    self.netuid = netuid
    self.uid = uid
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.uid("uid", &uid)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> NeuronAnswer {
    var reader = try NeuronReader(state, netuid)
    guard let neuron = reader.neuron(uid) else { throw .notFound.with("netuid", netuid).with("uid", uid) }
    return neuron
  }
}

/// The neurons of a subnet by uid.
package struct NeuronsQuery: StateQuery {
  package static let name = "neurons"

  package var netuid = NetUID.root
  /// Leaves out weights and bonds.
  package var lite = false
  package var page = PageRequest()

  package init() {}
  package init(netuid: NetUID, lite: Bool = false, page: PageRequest = PageRequest()) {
    self.netuid = netuid
    self.lite = lite
    self.page = page
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.flag("lite", &lite)
    page.map(&fields)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> NeuronPageAnswer {
    var reader = try NeuronReader(state, netuid, lite: lite)
    let page = try state.uidPage(page, on: netuid) { uid in reader.neuron(uid) }
    var answer = NeuronPageAnswer()
    answer.neurons = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct NeuronPageAnswer: FieldMapped {
  package var neurons: [NeuronAnswer] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("neurons", &neurons, limit: AnswerLimits.uids)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct NeuronAnswer: FieldMapped {
  package var hotkey = Hotkey()
  package var coldkey = Coldkey()
  package var uid = UID(0)
  package var netuid = NetUID.root
  package var active = false
  package var axon: AxonRow?
  package var prometheus: PrometheusRow?
  /// The largest holders of stake on the hotkey, by amount, descending.
  package var stake: [ColdkeyAmountRow] = []
  /// Alpha of the last epoch as scored, not as paid.
  package var emission: UInt64 = 0
  package var incentive: UInt16 = 0
  package var consensus: UInt16 = 0
  package var validatorTrust: UInt16 = 0
  package var dividends: UInt16 = 0
  package var lastUpdate: UInt64 = 0
  package var validatorPermit = false
  /// Values above 0.
  package var weights: [UIDValueRow] = []
  package var bonds: [UIDValueRow] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.coldkey("coldkey", &coldkey)
    fields.uid("uid", &uid)
    fields.netuid("netuid", &netuid)
    fields.flag("active", &active)
    fields.optionalGroup("axon_info", &axon)
    fields.optionalGroup("prometheus_info", &prometheus)
    fields.groups("stake", &stake, limit: AnswerLimits.items)
    fields.constant("rank", 0)
    fields.number("emission", &emission)
    fields.number("incentive", &incentive)
    fields.number("consensus", &consensus)
    fields.constant("trust", 0)
    fields.number("validator_trust", &validatorTrust)
    fields.number("dividends", &dividends)
    fields.number("last_update", &lastUpdate)
    fields.flag("validator_permit", &validatorPermit)
    fields.constant("pruning_score", 65535)
    fields.groups("weights", &weights, limit: AnswerLimits.uids)
    fields.groups("bonds", &bonds, limit: AnswerLimits.uids)
  }
}

/// Reads neurons of one subnet; what they share is looked up once.
private struct NeuronReader {
  private let state: LedgerState
  private let netuid: NetUID
  private let slots: NeuronSlots
  private let scores: MechanismState
  private let lite: Bool
  private var holders: StakeHolders

  init(_ state: LedgerState, _ netuid: NetUID, lite: Bool = false) throws(LedgerError) {
    self.state = state
    self.netuid = netuid
    self.lite = lite
    slots = try state.neurons(of: netuid)
    scores = try state.scores(of: netuid, .main)
    holders = StakeHolders(state, on: netuid)
  }

  mutating func neuron(_ uid: UID) -> NeuronAnswer? {
    guard uid.index < slots.count else { return nil }
    let hotkey = slots.hotkeys[uid.index]
    var neuron = NeuronAnswer()
    neuron.hotkey = hotkey
    neuron.coldkey = state.owner(of: hotkey) ?? Coldkey()
    neuron.uid = uid
    neuron.netuid = netuid
    neuron.active = slots.active[uid.index]
    neuron.axon = AxonRow(slots.axons[uid.index])
    neuron.prometheus = PrometheusRow()
    neuron.stake = holders.largest(of: hotkey)
    neuron.emission = slots.emission[uid.index]
    neuron.incentive = scores.incentive[uid.index]
    neuron.consensus = slots.consensus[uid.index]
    neuron.validatorTrust = slots.validatorTrust[uid.index]
    neuron.dividends = slots.dividends[uid.index]
    neuron.lastUpdate = scores.lastUpdate[uid.index]
    neuron.validatorPermit = slots.validatorPermit[uid.index]
    if !lite {
      neuron.weights = scores.weights[uid.index].positiveValues
      neuron.bonds = scores.bonds[uid.index].positiveValues
    }
    return neuron
  }
}

extension ScoreRow {
  fileprivate var positiveValues: [UIDValueRow] {
    zip(uids, values).filter { $1 > 0 }.map(UIDValueRow.init)
  }
}

extension LedgerState {
  /// One row for each uid from the cursor on; a uid without a row is passed over.
  func uidPage<Row: FieldMapped>(
    _ request: PageRequest, on netuid: NetUID, _ row: (UID) -> Row?
  ) throws(LedgerError) -> QueryPage<Row> {
    let count = try neurons(of: netuid).count
    var page = QueryPage<Row>(request)
    var cursor = try CursorKeys(request.cursor, count: 2)
    let start = (cursor?.number()).map { Int($0) + 1 } ?? 0
    guard start <= count else { throw .malformed.with("field", "cursor") }
    for index in start..<count {
      let uid = UID(UInt16(clamping: index))
      guard let row = row(uid) else { continue }
      guard page.append(row, cursor: CursorKeys().with(uid.value).bytes) else { break }
    }
    return page
  }
}
