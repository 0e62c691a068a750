package import Primitives

/// What belongs to the whole chain rather than to an account or a subnet.
package struct ChainGlobals: CanonicalValue {
  package var block = BlockNumber.genesis
  package var parameters = GlobalParameters.local
  /// Rao in existence, the burn account included.
  package var issuance: UInt64 = 0
  /// Rao issued outside the schedule: by genesis, and by `SetBalance` on a local network.
  package var genesisIssuance: UInt64 = 0
  /// Rao minted, and recycled, since genesis.
  package var minted: UInt64 = 0
  package var recycled: UInt64 = 0
  /// Rao staked on root.
  package var rootTao: UInt64 = 0
  /// Rao paid for the last subnet, and its block; 0 when none was created after genesis.
  package var lastLock: UInt64 = 0
  package var lastLockBlock: UInt64 = 0
  /// Subnets in ascending order, root included.
  package var netuids: [NetUID] = []
  /// Accounts no key is known for.
  package var burnAccount = AccountID.zero
  package var faucetAccount: AccountID?
  package var sudoKey: AccountID?
  package var authorities: [AccountID] = []
  /// Authorities that are named and not yet making blocks, by ascending block.
  package var authorityChanges: [AuthorityChange] = []
  package var guardians: [AccountID] = []
  package var isPaused = false
  package var nextProposal: UInt64 = 1
  /// Proposals that may be voted on, and those that passed and wait for their block, both ascending.
  package var openProposals: [ProposalID] = []
  package var queuedProposals: [ProposalID] = []

  package init() {}

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.block(&block)
    parameters.code(&coder)
    coder.integer(&issuance)
    coder.integer(&genesisIssuance)
    coder.integer(&minted)
    coder.integer(&recycled)
    coder.integer(&rootTao)
    coder.integer(&lastLock)
    coder.integer(&lastLockBlock)
    var numbers = netuids.map(\.value)
    coder.integers(&numbers)
    netuids = numbers.map(NetUID.init)
    coder.account(&burnAccount)
    coder.option(&faucetAccount)
    coder.option(&sudoKey)
    coder.list(&authorities)
    coder.list(&authorityChanges)
    coder.list(&guardians)
    coder.flag(&isPaused)
    coder.integer(&nextProposal)
    coder.list(&openProposals)
    coder.list(&queuedProposals)
  }
}
