import Primitives

/// Where a coldkey may have stake.
struct StakePlace {
  let coldkey: Coldkey
  let hotkey: Hotkey
  let netuid: NetUID

  init(_ coldkey: Coldkey, _ hotkey: Hotkey, _ netuid: NetUID) {
    self.coldkey = coldkey
    self.hotkey = hotkey
    self.netuid = netuid
  }

  func stake(in state: LedgerState) -> UInt64 { state.stake(of: coldkey, on: hotkey, in: netuid) }

  func locked(in state: LedgerState) -> UInt64 {
    let stake = stake(in: state)
    return stake - min(stake, state.availableStake(of: coldkey, on: hotkey, in: netuid))
  }
}

/// A walk over the stakes of coldkeys: in their order, then by hotkey, then by netuid.
struct StakeWalk {
  /// Coldkeys of one question.
  static let coldkeyLimit = 256
  /// Places looked at for one page; a longer walk goes on with the next page, even from an empty one.
  static let placeLimit = 65_536

  let coldkeys: [Coldkey]
  let state: LedgerState

  /// One row for each stake from the cursor on.
  ///
  /// - Throws: `Malformed` for a cursor that is none.
  func page<Row: FieldMapped>(
    _ request: PageRequest, _ row: (StakePlace) -> Row
  ) throws(LedgerError) -> QueryPage<Row> {
    var page = QueryPage<Row>(request)
    let start = try Start(request.cursor)
    var placesLeft = StakeWalk.placeLimit
    for (index, coldkey) in coldkeys.enumerated() where index >= start.index {
      for hotkey in state.coldkeyRecord(coldkey).stakingHotkeys.sorted() {
        if index == start.index, let first = start.hotkey, hotkey < first { continue }
        for netuid in state.chain.netuids {
          if index == start.index, hotkey == start.hotkey, netuid.value <= start.netuid { continue }
          let cursor = CursorKeys().with(UInt16(clamping: index)).with(hotkey.account).with(netuid.value).bytes
          let place = StakePlace(coldkey, hotkey, netuid)
          if place.stake(in: state) > 0, !page.append(row(place), cursor: cursor) { return page }
          placesLeft -= 1
          if placesLeft == 0 {
            page.close(at: cursor)
            return page
          }
        }
      }
    }
    return page
  }

  /// The place of the last row before the page.
  private struct Start {
    var index = 0
    var hotkey: Hotkey?
    var netuid: UInt16 = 0

    init(_ bytes: [UInt8]) throws(LedgerError) {
      guard var cursor = try CursorKeys(bytes, count: 2 + Bytes32.count + 2) else { return }
      index = Int(cursor.number())
      hotkey = Hotkey(cursor.account())
      netuid = cursor.number()
    }
  }
}
