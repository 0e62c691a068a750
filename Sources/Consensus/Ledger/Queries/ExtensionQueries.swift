package import Primitives

// Questions about extensions that this ledger does not execute: nobody can have done what they ask about,
// so their answers are empty, and true.

/// The timelocked commits that wait for their round.
package struct TimelockedCommitsQuery: StateQuery {
  package static let name = "timelocked_commits"

  package var rows = RowsRequest()

  package init() {}
  package init(netuid: NetUID, mechid: MechID = .main) { rows = RowsRequest(netuid, mechid, PageRequest()) }

  package mutating func map(_ fields: inout FieldMapper) { rows.map(&fields) }

  package func answer(
    from state: LedgerState, with host: HostFunctions
  ) throws(LedgerError) -> TimelockedCommitPageAnswer {
    _ = try state.scores(of: rows.netuid, rows.mechid)
    return TimelockedCommitPageAnswer()
  }
}

package struct TimelockedCommitPageAnswer: FieldMapped {
  package var commits: [TimelockedCommitRow] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("commits", &commits, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct TimelockedCommitRow: FieldMapped {
  package var hotkey = Hotkey()
  package var epoch: UInt64 = 0
  package var block = BlockNumber.genesis
  package var revealRound: UInt64 = 0
  package var body: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.number("epoch", &epoch)
    fields.block("block", &block)
    fields.number("reveal_round", &revealRound)
    fields.bytes("body", &body, limit: AnswerLimits.bytes)
  }
}

/// What timelocked commitments held, once revealed.
package struct RevealedQuery: StateQuery {
  package static let name = "revealed"

  package var netuid = NetUID.root
  package var hotkey: Hotkey?
  package var page = PageRequest()

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.optionalHotkey("hotkey", &hotkey)
    page.map(&fields)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> RevealedPageAnswer {
    _ = try state.subnet(netuid)
    return RevealedPageAnswer()
  }
}

package struct RevealedPageAnswer: FieldMapped {
  package var commitments: [RevealedRow] = []
  package var nextCursor: [UInt8] = []

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.groups("commitments", &commitments, limit: AnswerLimits.items)
    fields.bytes("next_cursor", &nextCursor, limit: AnswerLimits.cursor)
  }
}

package struct RevealedRow: FieldMapped {
  package var hotkey = Hotkey()
  package var data: [UInt8] = []
  package var block = BlockNumber.genesis

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.hotkey("hotkey", &hotkey)
    fields.bytes("data", &data, limit: AnswerLimits.bytes)
    fields.block("block", &block)
  }
}

/// When a commitment last cleared the bonds on a hotkey's uid.
package struct LastBondsResetQuery: StateQuery {
  package static let name = "last_bonds_reset"

  package var netuid = NetUID.root
  package var hotkey = Hotkey()

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.hotkey("hotkey", &hotkey)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> LastBondsResetAnswer {
    _ = try state.subnet(netuid)
    return LastBondsResetAnswer()
  }
}

package struct LastBondsResetAnswer: FieldMapped {
  /// Nil when never.
  package var block: BlockNumber?

  package init() {}
  package mutating func map(_ fields: inout FieldMapper) { fields.optionalBlock("block", &block) }
}

/// The announced swap of a coldkey.
package struct ColdkeySwapQuery: StateQuery {
  package static let name = "coldkey_swap"

  package var coldkey = Coldkey()

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) { fields.coldkey("coldkey", &coldkey) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> ColdkeySwapAnswer {
    ColdkeySwapAnswer()
  }
}

package struct ColdkeySwapAnswer: FieldMapped {
  package var announced = false
  /// Of the new coldkey; empty while nothing is announced.
  package var hash: [UInt8] = []
  package var when = BlockNumber.genesis
  package var disputed = false

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.flag("announced", &announced)
    fields.bytes("hash", &hash, limit: Bytes32.count)
    fields.block("when", &when)
    fields.flag("disputed", &disputed)
  }
}

/// The moving average of a hotkey's stake, where a subnet keeps one.
package struct VotingPowerQuery: StateQuery {
  package static let name = "voting_power"

  package var netuid = NetUID.root
  package var hotkey = Hotkey()

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.netuid("netuid", &netuid)
    fields.hotkey("hotkey", &hotkey)
  }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> VotingPowerAnswer {
    _ = try state.subnet(netuid)
    return VotingPowerAnswer()
  }
}

package struct VotingPowerAnswer: FieldMapped {
  package var power: UInt64 = 0
  package var tracking = false

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.number("power", &power)
    fields.flag("tracking", &tracking)
  }
}

/// The published secret of a round of timelocked weights.
package struct RoundSecretQuery: StateQuery {
  package static let name = "round_secret"

  package var round: UInt64 = 0

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) { fields.number("round", &round) }

  package func answer(from state: LedgerState, with host: HostFunctions) throws(LedgerError) -> RoundSecretAnswer {
    throw .notFound.with("round", round)
  }
}

package struct RoundSecretAnswer: FieldMapped {
  package var secret: [UInt8] = []
  package var block = BlockNumber.genesis

  package init() {}

  package mutating func map(_ fields: inout FieldMapper) {
    fields.bytes("secret", &secret, limit: Bytes32.count)
    fields.block("block", &block)
  }
}
