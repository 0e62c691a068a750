package import Primitives

/// Actions that root stake is asked about, with the electorate as it was when they were put forward.
///
/// Source: registry 13.
package struct Proposal: CanonicalValue, Hashable {
  package var proposer = Coldkey()
  package var proposalClass = ProposalClass.simple
  /// Encoded calls, carried out together; none for a pure text.
  package var actions: [[UInt8]] = []
  package var title: [UInt8] = []
  package var text: [UInt8] = []
  /// Rao held from the proposer while the vote is open.
  package var deposit: UInt64 = 0
  package var openedAt = BlockNumber.genesis
  /// The block whose step closes the vote: the announced one, or the earlier one in which it was decided.
  package var close = BlockNumber.genesis
  package var stage = ProposalStage.open
  /// Root's members at the opening.
  package var electors: [Elector] = []
  package var totalPower: UInt64 = 0
  /// Whether somebody voted since the last block step.
  package var hasNewVotes = false
  /// The power behind each choice when the vote closed.
  package var counted = VotePowers()
  package var result: ProposalResult?
  /// The block from which the actions run, once they have passed.
  package var enactAt = BlockNumber.genesis
  /// Code of the error that stopped the actions; 0 for none.
  package var error: UInt16 = 0

  package init() {}

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.coldkey(&proposer)
    coder.enumerator(&proposalClass)
    coder.byteStrings(&actions)
    coder.data(&title)
    coder.data(&text)
    coder.integer(&deposit)
    coder.block(&openedAt)
    coder.block(&close)
    coder.enumerator(&stage)
    coder.list(&electors)
    coder.integer(&totalPower)
    coder.flag(&hasNewVotes)
    counted.code(&coder)
    coder.enumerator(&result)
    coder.block(&enactAt)
    coder.integer(&error)
  }
}

/// Where a proposal stands.
package enum ProposalStage: UInt8, Sendable, CaseIterable {
  case open = 1
  /// Passed, waiting for its block.
  case queued = 2
  case executed = 3
  /// Refused, or a text without actions.
  case closed = 4
}

/// A choice of a voter. Source: registry 20.1.
package enum VoteChoice: UInt8, Sendable, CaseIterable {
  case aye = 1
  case nay = 2
  case veto = 3
  case abstain = 4
}

/// Power behind each choice, in rao of root stake.
package struct VotePowers: CanonicalValue, Hashable {
  package var aye: UInt64 = 0
  package var nay: UInt64 = 0
  package var veto: UInt64 = 0
  package var abstain: UInt64 = 0

  package init() {}

  /// No overflow: powers are parts of the TAO that exists, far below 2^64.
  package var total: UInt64 { aye + nay + veto + abstain }

  package subscript(choice: VoteChoice) -> UInt64 {
    get {
      switch choice {
      case .aye: aye
      case .nay: nay
      case .veto: veto
      case .abstain: abstain
      }
    }
    set {
      switch choice {
      case .aye: aye = newValue
      case .nay: nay = newValue
      case .veto: veto = newValue
      case .abstain: abstain = newValue
      }
    }
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.integer(&aye)
    coder.integer(&nay)
    coder.integer(&veto)
    coder.integer(&abstain)
  }
}

/// One root validator in a vote.
package struct Elector: CanonicalValue, Hashable {
  package var hotkey = Hotkey()
  /// Its root stake when the proposal was opened, rao.
  package var stake: UInt64 = 0
  /// What its owner chose for all who did not choose for themselves; nil before it did.
  package var choice: VoteChoice?
  /// What its nominators chose for themselves.
  package var overrides = VotePowers()

  package init() {}
  package init(hotkey: Hotkey, stake: UInt64) {
    self.hotkey = hotkey
    self.stake = stake
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.hotkey(&hotkey)
    coder.integer(&stake)
    coder.enumerator(&choice)
    overrides.code(&coder)
  }
}

/// A nominator's own vote through one hotkey; its amount is locked on root while the proposal is open.
package struct NominatorVote: CanonicalValue, Hashable {
  package var choice = VoteChoice.aye
  /// Rao.
  package var amount: UInt64 = 0

  package init() {}
  package init(choice: VoteChoice, amount: UInt64) {
    self.choice = choice
    self.amount = amount
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.enumerator(&choice)
    coder.integer(&amount)
  }
}

extension CanonicalCoder {
  /// An enumerator as one byte; a number without meaning is refused.
  mutating func enumerator<E: RawRepresentable<UInt8> & Sendable>(_ value: inout E) {
    var number = value.rawValue
    integer(&number)
    guard let known = E(rawValue: number) else { return refuse() }
    value = known
  }

  /// As above; 0 is nil.
  mutating func enumerator<E: RawRepresentable<UInt8> & Sendable>(_ value: inout E?) {
    var number = value?.rawValue ?? 0
    integer(&number)
    value = E(rawValue: number)
    if number != 0, value == nil { refuse() }
  }

  mutating func byteStrings(_ values: inout [[UInt8]]) {
    var strings = values.map(ByteString.init)
    list(&strings)
    values = strings.map(\.bytes)
  }
}

private struct ByteString: CanonicalValue {
  var bytes: [UInt8] = []

  init() {}
  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func code(_ coder: inout CanonicalCoder) { coder.data(&bytes) }
}
