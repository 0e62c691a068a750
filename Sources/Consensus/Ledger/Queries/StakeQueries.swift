package import Primitives

/// One coldkey's stake on one hotkey of one subnet.
package struct StakeInfoQuery: StateQuery {
  package static let name = "stake_info"

  package var hotkey = Hotkey()
  package var coldkey = Coldkey()
  package var netuid = NetUID.root

  package init() {}
  package init(hotkey: Hotkey, coldkey: Coldkey, netuid: NetUID) {
    self.hotkey = hotkey
    self.coldkey = coldkey
    self.netuid = netuid
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.coldkey("coldkey", &coldkey)
    fields.netuid("netuid", &netuid)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> StakeInfoAnswer {
    _ = try state.subnet(netuid)
    return StakeInfoAnswer(StakePlace(coldkey, hotkey, netuid), in: state)
  }
}

/// Every stake of some coldkeys: in their order, then by hotkey and netuid.
package struct StakeInfosQuery: StateQuery {
  package static let name = "stake_infos"

  package var coldkeys: [Coldkey] = []
  package var page = PageRequest()

  package init() {}
  package init(_ coldkeys: [Coldkey], page: PageRequest = PageRequest()) {
    self.coldkeys = coldkeys
    self.page = page
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.coldkeys("coldkeys", &coldkeys, limit: StakeWalk.coldkeyLimit)
    page.map(&fields)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> StakePageAnswer {
    let page = try StakeWalk(coldkeys: coldkeys, state: state).page(page) { StakeInfoAnswer($0, in: state) }
    var answer = StakePageAnswer()
    answer.stakes = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct StakePageAnswer: FieldMapped {
  package var stakes: [StakeInfoAnswer] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("stakes", &stakes, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct StakeInfoAnswer: FieldMapped {
  package var hotkey = Hotkey()
  package var coldkey = Coldkey()
  package var netuid = NetUID.root
  /// Alpha, on root TAO.
  package var stake: UInt64 = 0
  /// Of it, what a vote holds.
  package var locked: UInt64 = 0
  /// Alpha that the last epoch paid to all who stake on the hotkey here.
  package var emission: UInt64 = 0
  /// Whether the hotkey holds a uid there.
  package var isRegistered = false

  package init() {}

  init(_ place: StakePlace, in state: LedgerState) {
    hotkey = place.hotkey
    coldkey = place.coldkey
    netuid = place.netuid
    stake = place.stake(in: state)
    locked = place.locked(in: state)
    guard let slots = state.slots[netuid], let uid = slots.uid(of: hotkey) else { return }
    isRegistered = true
    emission = slots.paidDividends[uid.index]
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.coldkey("coldkey", &coldkey)
    fields.netuid("netuid", &netuid)
    fields.number("stake", &stake)
    fields.number("locked", &locked)
    fields.number("emission", &emission)
    fields.constant("tao_emission", 0)
    fields.constant("drain", 0)
    fields.flag("is_registered", &isRegistered)
  }
}

/// How much of its stake a coldkey may take out of each subnet.
package struct StakeAvailabilityQuery: StateQuery {
  package static let name = "stake_availability"

  package var coldkeys: [Coldkey] = []
  /// All subnets when empty.
  package var netuids: [NetUID] = []
  package var page = PageRequest()

  package init() {}
  package init(_ coldkeys: [Coldkey], netuids: [NetUID] = [], page: PageRequest = PageRequest()) {
    self.coldkeys = coldkeys
    self.netuids = netuids
    self.page = page
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.coldkeys("coldkeys", &coldkeys, limit: StakeWalk.coldkeyLimit)
    fields.netuids("netuids", &netuids, limit: StakeWalk.coldkeyLimit)
    page.map(&fields)
  }

  package func answer(
    from state: LedgerState, with host: HostFunctions
  ) throws(LedgerError) -> StakeAvailabilityPageAnswer {
    let wanted = Set(netuids)
    let subnets = state.chain.netuids.filter { wanted.isEmpty || wanted.contains($0) }
    var answer = StakeAvailabilityPageAnswer()
    var page = QueryPage<StakeAvailabilityRow>(page)
    var start: (index: Int, netuid: UInt16)?
    if var cursor = try CursorKeys(self.page.cursor, count: 4) { start = (Int(cursor.number()), cursor.number()) }
    var placesLeft = StakeWalk.placeLimit
    rows: for (index, coldkey) in coldkeys.enumerated() where index >= start?.index ?? 0 {
      let hotkeys = state.coldkeyRecord(coldkey).stakingHotkeys
      for netuid in subnets {
        if let start, start.index == index, netuid.value <= start.netuid { continue }
        let row = StakeAvailabilityRow(coldkey, netuid, hotkeys, state)
        let place = CursorKeys().with(UInt16(clamping: index)).with(netuid.value).bytes
        if row.total > 0, !page.append(row, cursor: place) { break rows }
        placesLeft -= 1 + hotkeys.count
        if placesLeft <= 0 {
          page.close(at: place)
          break rows
        }
      }
    }
    answer.stakes = page.rows
    answer.nextCursor = page.nextCursor
    return answer
  }
}

package struct StakeAvailabilityPageAnswer: FieldMapped {
  /// Of the subnets on which the coldkey has stake.
  package var stakes: [StakeAvailabilityRow] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("stakes", &stakes, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct StakeAvailabilityRow: FieldMapped {
  package var coldkey = Coldkey()
  package var netuid = NetUID.root
  package var total: UInt64 = 0
  package var locked: UInt64 = 0
  package var available: UInt64 = 0

  package init() {}

  init(_ coldkey: Coldkey, _ netuid: NetUID, _ hotkeys: HotkeyList, _ state: LedgerState) {
    self.coldkey = coldkey
    self.netuid = netuid
    for hotkey in hotkeys {
      let place = StakePlace(coldkey, hotkey, netuid)
      // The stakes of a subnet sum to no more than the supply.
      total += place.stake(in: state)
      locked += place.locked(in: state)
    }
    available = total - locked
  }

  package mutating func map(_ fields: inout FieldMapper) {
    fields.coldkey("coldkey", &coldkey)
    fields.netuid("netuid", &netuid)
    fields.number("total", &total)
    fields.number("locked", &locked)
    fields.number("available", &available)
  }
}
