package import Primitives

/// What a hotkey last committed to on a subnet.
package struct CommitmentQuery: StateQuery {
  package static let name = "commitment"

  package var netuid = NetUID.root
  package var hotkey = Hotkey()

  package init() {}
  package init(netuid: NetUID, hotkey: Hotkey) {
    self.netuid = netuid
    self.hotkey = hotkey
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.hotkey("hotkey", &hotkey)
  }

  /// - Throws: `SubnetNotExists`; `NotFound` for a hotkey that never committed to anything there.
  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> CommitmentRow {
    _ = try state.subnet(netuid)
    guard let commitment = state.commitments[HotkeyOnSubnet(netuid, hotkey)] else {
      throw .notFound.with("netuid", netuid)
    }
    return CommitmentRow(hotkey, commitment)
  }
}

/// The commitments of a subnet by hotkey, those of hotkeys that have lost their uid included.
package struct CommitmentsQuery: StateQuery {
  package static let name = "commitments"

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

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> CommitmentPageAnswer {
    _ = try state.subnet(netuid)
    var page = QueryPage<CommitmentRow>(page)
    var cursor = try CursorKeys(self.page.cursor, count: Bytes32.count)
    state.visitCommitments(on: netuid, after: (cursor?.account()).map(Hotkey.init)) { row in
      page.append(row, cursor: CursorKeys().with(row.hotkey.account).bytes)
    }
    var answer = CommitmentPageAnswer()
    answer.commitments = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct CommitmentPageAnswer: FieldMapped {
  package var commitments: [CommitmentRow] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("commitments", &commitments, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

/// A hotkey's commitment as answers show it.
package struct CommitmentRow: FieldMapped {
  package var hotkey = Hotkey()
  package var contents: [CommitmentField] = []
  /// In which it was made.
  package var block = BlockNumber.genesis

  package init() {}

  init(_ hotkey: Hotkey, _ commitment: Commitment) {
    self.hotkey = hotkey
    contents = commitment.fields
    block = commitment.block
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.groups("fields", &contents, limit: AnswerLimits.items)
    fields.block("block", &block)
  }
}

extension LedgerState {
  /// Shows the commitments of a subnet by ascending hotkey, from the one after `last` on, until `body` returns false.
  ///
  /// - Complexity: Sorts the hotkeys of the buckets it comes to, a sixteenth of the subnet's each.
  func visitCommitments(on netuid: NetUID, after last: Hotkey?, _ body: (CommitmentRow) -> Bool) {
    let start = last.map { HotkeyOnSubnet(netuid, $0) }
    for bucket in HotkeyOnSubnet.buckets(of: netuid) where bucket >= start?.bucket ?? 0 {
      for key in commitments.keys(inBucket: bucket) where start.map({ $0 < key }) ?? true {
        guard let commitment = commitments[key], body(CommitmentRow(key.hotkey, commitment)) else { return }
      }
    }
  }

  /// All commitments of a subnet; nil when they are more than a list of an answer holds.
  func commitmentRows(on netuid: NetUID) -> [CommitmentRow]? {
    var rows: [CommitmentRow] = []
    visitCommitments(on: netuid, after: nil) { row in
      rows.append(row)
      return rows.count <= AnswerLimits.uids
    }
    return rows.count <= AnswerLimits.uids ? rows : nil
  }
}
