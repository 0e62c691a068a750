package import Primitives

/// The stored weights of a mechanism, a row for each validator.
///
/// With commit-reveal on these are the revealed rows: a commit shows nothing but its hash.
package struct WeightsQuery: StateQuery {
  package static let name = "weights"

  package var rows = RowsRequest()

  package init() {}
  package init(netuid: NetUID, mechid: MechID = .main, page: PageRequest = PageRequest()) {
    rows = RowsRequest(netuid, mechid, page)
  }

  package mutating func map(_ fields: inout FieldMapper) { rows.map(&fields) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> RowPageAnswer {
    try rows.answer(from: state, \.weights)
  }
}

/// The stored bonds of a mechanism, a row for each validator.
package struct BondsQuery: StateQuery {
  package static let name = "bonds"

  package var rows = RowsRequest()

  package init() {}
  package init(netuid: NetUID, mechid: MechID = .main, page: PageRequest = PageRequest()) {
    rows = RowsRequest(netuid, mechid, page)
  }

  package mutating func map(_ fields: inout FieldMapper) { rows.map(&fields) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> RowPageAnswer {
    try rows.answer(from: state, \.bonds)
  }
}

/// A page of rows of one mechanism.
package struct RowsRequest: Sendable, Hashable {
  package var netuid = NetUID.root
  package var mechid = MechID.main
  package var page = PageRequest()

  package init() {}
  package init(_ netuid: NetUID, _ mechid: MechID, _ page: PageRequest) {
    self.netuid = netuid
    self.mechid = mechid
    self.page = page
  }

  mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.mechid("mechid", &mechid)
    page.map(&fields)
  }

  func answer(
    from state: LedgerState, _ path: KeyPath<MechanismState, [ScoreRow]>
  ) throws(LedgerError) -> RowPageAnswer {
    let scores = try state.scores(of: netuid, mechid)[keyPath: path]
    let page = try state.uidPage(page, on: netuid) { uid -> UIDRow? in
      let row = scores[uid.index]
      return row.uids.isEmpty ? nil : UIDRow(uid, row)
    }
    var answer = RowPageAnswer()
    answer.rows = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct RowPageAnswer: FieldMapped {
  /// Of the uids that have a row.
  package var rows: [UIDRow] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("rows", &rows, limit: AnswerLimits.uids)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

/// A validator's sparse row: columns and values side by side.
package struct UIDRow: FieldMapped {
  package var uid = UID(0)
  package var uids: [UID] = []
  package var values: [UInt16] = []

  package init() {}
  init(_ uid: UID, _ row: ScoreRow) {
    self.uid = uid
    uids = row.uids.map(UID.init)
    values = row.values
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.uid("uid", &uid)
    fields.uids("uids", &uids)
    fields.numbers("values", &values, limit: AnswerLimits.uids)
  }
}
