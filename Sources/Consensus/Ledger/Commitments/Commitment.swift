package import Primitives

/// What a hotkey last published on a subnet, and how much of its space it has used. Source: registry 12.
package struct Commitment: CanonicalValue, Hashable {
  package var fields: [CommitmentField] = []
  package var block = BlockNumber.genesis
  package var quota = CommitmentQuota()

  package init() {}

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.list(&fields)
    coder.block(&block)
    quota.code(&coder)
  }
}

/// What a field of a commitment may be. Source: registry 20.1.
package enum CommitmentKind: UInt8, Sendable, CaseIterable {
  case none = 0
  case raw = 1
  case bigRaw = 2
  case digest = 3
  case timelocked = 4
  case resetBonds = 5

  /// The most bytes that a field of this kind holds.
  package var byteLimit: Int {
    switch self {
    case .none, .resetBonds: 0
    case .raw: 128
    case .bigRaw: 512
    case .digest: Bytes32.count
    case .timelocked: 1024
    }
  }

  /// Kinds that this ledger acts on; the others of the protocol answer `CallNotSupported`.
  var isSupported: Bool { self != .timelocked && self != .resetBonds }
}

/// One field of a commitment.
package struct CommitmentField: CanonicalValue, Hashable {
  package var kind: UInt8 = 0
  package var data: [UInt8] = []
  /// 1 BLAKE2b-256, 2 SHA-256, 3 SHA3-256, 4 Keccak-256; 0 unless the kind is digest.
  package var digest: UInt8 = 0
  /// Reveal round of a timelocked field; 0 otherwise.
  package var round: UInt64 = 0

  package init() {}
  package init(_ kind: CommitmentKind, _ data: [UInt8] = [], digest: UInt8 = 0) {
    self.kind = kind.rawValue
    self.data = data
    self.digest = digest
  }

  package mutating func code(_ coder: inout CanonicalCoder) {
    coder.integer(&kind)
    coder.data(&data)
    coder.integer(&digest)
    coder.integer(&round)
  }
}

extension CommitmentField: FieldMapped {
  package mutating func map(_ fields: inout FieldMapper) {
    fields.enumerator("kind", &kind, of: CommitmentKind.self, optional: true)
    fields.bytes("data", &data, limit: CommitmentKind(rawValue: kind)?.byteLimit ?? 0)
    fields.number("digest", &digest)
    fields.number("round", &round)
    guard fields.isReading else { return }
    if kind == CommitmentKind.digest.rawValue {
      if !(1...4).contains(digest) || data.count != Bytes32.count { fields.refuse("digest") }
    } else if digest != 0 {
      fields.refuse("digest")
    }
    if round != 0, kind != CommitmentKind.timelocked.rawValue { fields.refuse("round") }
  }
}
