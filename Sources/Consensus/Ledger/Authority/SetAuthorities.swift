package import Primitives

/// Names the keys that make blocks, from the block after next. Source: registry 13, 20.
package struct SetAuthorities: LedgerCall {
  package static let descriptor = CallDescriptor(51, "SetAuthorities", by: .root, "Name the keys that make blocks.")

  /// Authorities there may be.
  static let limit = 32

  package var keys: [AccountID] = []

  package init() {}
  package init(keys: [AccountID]) { self.keys = keys }

  package mutating func map(_ fields: inout FieldMapper) {
    // Too many keys are an error of the row, not of the encoding.
    fields.accounts("keys", &keys, limit: CallLimits.bytes)
  }

  package var proposalClass: ProposalClass? { .strict }

  package func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]
  {
    for key in keys { try host.requireProperKey(key) }
    try origin.requireRoot()
    guard !keys.isEmpty, keys.count <= SetAuthorities.limit, Set(keys).count == keys.count else {
      throw .invalidValue.with("keys", keys.count).with("limit", SetAuthorities.limit)
    }

    let change = AuthorityChange(block: state.block.advanced(by: 2), keys: keys)
    state.chain.authorityChanges.removeAll { $0.block == change.block }
    state.chain.authorityChanges.append(change)
    return [LedgerEvent("AuthoritiesSet", ["keys": .bytesList(keys.map(\.bytes))])]
  }
}

/// Authorities that take over at a block.
package struct AuthorityChange: CanonicalValue, Hashable {
  package var block = BlockNumber.genesis
  package var keys: [AccountID] = []

  package init() {}
  package init(block: BlockNumber, keys: [AccountID]) {
    self.block = block
    self.keys = keys
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.block(&block)
    coder.list(&keys)
  }
}

extension LedgerState {
  /// Authorities whose block has come take over.
  mutating func changeAuthorities() {
    guard let change = chain.authorityChanges.first, change.block <= block else { return }
    chain.authorities = change.keys
    chain.authorityChanges.removeFirst()
  }
}
