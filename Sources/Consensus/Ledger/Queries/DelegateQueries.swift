package import Primitives

/// A hotkey as those see it who may stake on it, with a page of those who do.
package struct DelegateQuery: StateQuery {
  package static let name = "delegate"

  package var hotkey = Hotkey()
  /// Of its nominators.
  package var page = PageRequest()

  package init() {}
  package init(_ hotkey: Hotkey, page: PageRequest = PageRequest()) {
    self.hotkey = hotkey
    self.page = page
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    page.map(&fields)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> DelegateAnswer {
    var reader = DelegateReader(state)
    guard let delegate = try reader.delegate(hotkey, nominators: page) else { throw .hotKeyAccountNotExists }
    return delegate
  }
}

/// Every known hotkey, ascending: anybody may stake on any of them.
package struct DelegatesQuery: StateQuery {
  package static let name = "delegates"

  package var page = PageRequest()

  package init() {}
  package init(page: PageRequest) { self.page = page }

  package mutating func map(_ fields: inout FieldMapper) { page.map(&fields) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> DelegatePageAnswer {
    var cursor = try CursorKeys(page.cursor, count: Bytes32.count)
    let last = (cursor?.account()).map(Hotkey.init)
    // Buckets follow the keys' order, so that a page sorts only those it reads.
    let buckets = state.hotkeys.bucketNumbers.drop { $0 < last?.bucket ?? 0 }
    let hotkeys = buckets.lazy.flatMap { state.hotkeys.keys(inBucket: $0) }
      .filter { hotkey in last.map { hotkey > $0 } ?? true }
    return try DelegatePageAnswer(of: hotkeys, in: state, page)
  }
}

/// The hotkeys on which a coldkey has stake, ascending.
package struct DelegatedQuery: StateQuery {
  package static let name = "delegated"

  package var coldkey = Coldkey()
  package var page = PageRequest()

  package init() {}
  package init(_ coldkey: Coldkey, page: PageRequest = PageRequest()) {
    self.coldkey = coldkey
    self.page = page
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.coldkey("coldkey", &coldkey)
    page.map(&fields)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> DelegatePageAnswer {
    var cursor = try CursorKeys(page.cursor, count: Bytes32.count)
    let last = (cursor?.account()).map(Hotkey.init)
    let hotkeys = state.coldkeyRecord(coldkey).stakingHotkeys.sorted().lazy
      .filter { hotkey in last.map { hotkey > $0 } ?? true }
      .filter { hotkey in
        state.chain.netuids.contains { state.stake(of: coldkey, on: hotkey, in: $0) > 0 }
      }
    return try DelegatePageAnswer(of: hotkeys, in: state, page)
  }
}

package struct DelegatePageAnswer: FieldMapped {
  package var delegates: [DelegateAnswer] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  init(
    of hotkeys: some Sequence<Hotkey>, in state: LedgerState, _ request: PageRequest
  ) throws(LedgerError) {
    var reader = DelegateReader(state)
    var page = QueryPage<DelegateAnswer>(request)
    for hotkey in hotkeys {
      guard let row = try reader.delegate(hotkey, nominators: PageRequest()) else { continue }
      guard page.append(row, cursor: hotkey.bytes) else { break }
    }
    delegates = page.rows
    nextCursor = page.nextCursor
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("delegates", &delegates, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct DelegateAnswer: FieldMapped {
  package var hotkey = Hotkey()
  /// In 1/65535.
  package var take: UInt16 = 0
  /// A page of those who have stake on the hotkey, its owner included, by ascending coldkey.
  package var nominators: [NominatorRow] = []
  package var owner = Coldkey()
  /// Subnets on which it holds a uid, and those on which it also has a permit.
  package var registrations: [NetUID] = []
  package var validatorPermits: [NetUID] = []
  /// Rao a day for nominators on 1000 TAO of stake, as the last epochs paid.
  package var returnPer1000 = Rao.zero
  /// Rao a day for everybody who has stake on it, take included.
  package var totalDailyReturn = Rao.zero
  /// Of the nominators.
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.number("take", &take)
    fields.groups("nominators", &nominators, limit: AnswerLimits.items)
    fields.coldkey("owner", &owner)
    fields.netuids("registrations", &registrations)
    fields.netuids("validator_permits", &validatorPermits)
    fields.amount("return_per_1000", &returnPer1000)
    fields.amount("total_daily_return", &totalDailyReturn)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct NominatorRow: FieldMapped {
  package var coldkey = Coldkey()
  package var stakes: [NetuidAmountRow] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.coldkey("coldkey", &coldkey)
    fields.groups("stakes", &stakes, limit: AnswerLimits.items)
  }
}

package struct NetuidAmountRow: FieldMapped {
  package var netuid = NetUID.root
  package var amount: UInt64 = 0

  package init() {}
  init(_ netuid: NetUID, _ amount: UInt64) {
    self.netuid = netuid
    self.amount = amount
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.number("amount", &amount)
  }
}
