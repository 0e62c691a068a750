import Economy
package import Primitives

/// What each stake of a coldkey is worth, and what selling it would give, by hotkey and netuid.
package struct StakeWorthQuery: StateQuery {
  package static let name = "stake_worth"

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

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> StakeWorthPageAnswer {
    let page = try StakeWalk(coldkeys: [coldkey], state: state).page(page) { StakeWorthRow($0, in: state) }
    var answer = StakeWorthPageAnswer()
    answer.stakes = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct StakeWorthPageAnswer: FieldMapped {
  package var stakes: [StakeWorthRow] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("stakes", &stakes, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct StakeWorthRow: FieldMapped {
  package var hotkey = Hotkey()
  package var netuid = NetUID.root
  package var stake: UInt64 = 0
  /// At the present price, rounded down.
  package var worth = Rao.zero
  /// What selling all of it now would give; nil when the pool refuses the trade.
  package var proceeds: Rao?

  package init() {}

  init(_ place: StakePlace, in state: LedgerState) {
    hotkey = place.hotkey
    netuid = place.netuid
    stake = place.stake(in: state)
    let price = netuid == .root ? UInt128(stake) : state.pool(of: netuid).worth(ofAlpha: stake)
    worth = Rao(UInt64(clamping: price))
    do throws(LedgerError) {
      proceeds = Rao(try state.quote(.sell, stake, in: netuid, terms: state.tradeTerms).output)
    } catch {
      proceeds = nil
    }
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.netuid("netuid", &netuid)
    fields.number("stake", &stake)
    fields.amount("worth", &worth)
    fields.optionalAmount("proceeds", &proceeds)
  }
}
