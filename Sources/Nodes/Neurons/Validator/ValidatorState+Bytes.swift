package import Daemon
import Keys
import Primitives
import SubnetKit

// Layout, integers big-endian: "SKVS" | version u16 | chain id 32 | netuid u16 | mechid u8 | hotkey 32 | next round u64 |
// weights sent u8, last weights block u64 | tally count u32, count times (hotkey 32 | four u64), hotkeys ascending |
// commit count u16, count times (hash 32 | made at u64 | landed u8 | version key u64 | salt length u8, salt |
// weight count u16, count times (uid u16 | value u16)) | book length u32, book | BLAKE2b-256 of all before.

extension ValidatorState {
  private static let magic = Array("SKVS".utf8)
  private static let formatVersion: UInt16 = 1

  /// The state as bytes for a file; equal states give equal bytes.
  package var serialized: [UInt8] {
    var bytes = ValidatorState.magic
    bytes.appendBigEndian(ValidatorState.formatVersion)
    bytes += owner.chainID.bytes
    bytes.appendBigEndian(owner.netuid.value)
    bytes.append(owner.mechid.value)
    bytes += owner.hotkey.bytes
    bytes.appendBigEndian(nextRound)
    bytes.append(lastWeightsBlock == nil ? 0 : 1)
    bytes.appendBigEndian(lastWeightsBlock?.value ?? 0)
    bytes.appendBigEndian(UInt32(tallies.count))
    for (hotkey, tally) in tallies.sorted(by: { $0.key < $1.key }) {
      bytes += hotkey.bytes
      for count in [tally.sent, tally.answered, tally.refused, tally.timedOut] { bytes.appendBigEndian(count) }
    }
    bytes.appendBigEndian(UInt16(commits.count))
    for commit in commits { bytes.append(commit) }
    let book = book.serialized
    bytes.appendBigEndian(UInt32(book.count))
    bytes += book
    return bytes + Hash256(hashing: bytes).bytes
  }

  /// Reads a state back.
  ///
  /// - Throws: What is wrong with the bytes. Do not go on with an empty state then: saving it would forget everything.
  package init(serialized bytes: [UInt8]) throws(ValidatorStateError) {
    guard bytes.starts(with: ValidatorState.magic) else { throw .notAState }
    var reader = ByteReader(bytes.dropFirst(ValidatorState.magic.count))
    guard try reader.number(UInt16.self) == ValidatorState.formatVersion else { throw .newerVersion }
    guard bytes.count >= Bytes32.count else { throw .damaged }
    let content = Array(bytes.dropLast(Bytes32.count))
    guard Hash256(hashing: content).bytes.elementsEqual(bytes.suffix(Bytes32.count)) else { throw .damaged }

    let owner = Owner(
      chainID: Hash256(try reader.bytes32()), netuid: NetUID(try reader.number()), mechid: MechID(try reader.number()),
      hotkey: Hotkey(AccountID(try reader.bytes32())))
    self.init(owner: owner, scoreShare: 1)
    nextRound = try reader.number()
    let hasSentWeights = try reader.number(UInt8.self) != 0
    let block = BlockNumber(try reader.number())
    lastWeightsBlock = hasSentWeights ? block : nil
    for _ in 0..<(try reader.number(UInt32.self)) {
      let hotkey = Hotkey(AccountID(try reader.bytes32()))
      var tally = TaskTally()
      tally.sent = try reader.number()
      tally.answered = try reader.number()
      tally.refused = try reader.number()
      tally.timedOut = try reader.number()
      tallies[hotkey] = tally
    }
    for _ in 0..<(try reader.number(UInt16.self)) { commits.append(try reader.commit()) }
    let bookLength = Int(try reader.number(UInt32.self))
    do {
      book = try ScoreBook(serialized: reader.take(bookLength))
    } catch {
      throw .damaged
    }
    guard reader.count == Bytes32.count else { throw .damaged }
  }
}

/// Why bytes are no validator's state, or not this validator's.
package enum ValidatorStateError: ExitCoding, Hashable, CustomStringConvertible {
  case notAState
  case newerVersion
  case damaged
  /// Of another network, subnet or hotkey.
  case someoneElses(ValidatorState.Owner)

  package var exitCode: ExitCode {
    switch self {
    case .notAState, .newerVersion, .damaged: .damagedData
    case .someoneElses: .usage
    }
  }

  package var description: String {
    switch self {
    case .notAState: "it is no validator's state; give another --state"
    case .newerVersion: "it was written by a newer version of this program; use that version"
    case .damaged: "it is damaged; put back a copy, or move it away to start without scores"
    case .someoneElses(let owner):
      "it belongs to hotkey \(owner.hotkey) on subnet \(owner.netuid) of chain \(owner.chainID); give another --state"
    }
  }
}

/// Reads what was written above; anything that is not there is damage.
private struct ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var count: Int { rest.count }

  mutating func take(_ count: Int) throws(ValidatorStateError) -> [UInt8] {
    guard count <= rest.count else { throw .damaged }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  mutating func number<Integer: FixedWidthInteger & UnsignedInteger>(
    _ type: Integer.Type = Integer.self
  ) throws(ValidatorStateError) -> Integer {
    try take(Integer.bitWidth / 8).reduce(Integer(0)) { $0 << 8 | Integer($1) }
  }

  mutating func bytes32() throws(ValidatorStateError) -> Bytes32 {
    guard let value = Bytes32(try take(Bytes32.count)) else { throw .damaged }
    return value
  }

  mutating func commit() throws(ValidatorStateError) -> PendingCommit {
    let hash = Hash256(try bytes32())
    let madeAt = BlockNumber(try number())
    let hasLanded = try number(UInt8.self) != 0
    let versionKey: UInt64 = try number()
    let salt = try take(Int(try number(UInt8.self)))
    var row = WeightsRow()
    for _ in 0..<(try number(UInt16.self)) { row.append(UID(try number()), try number()) }
    return PendingCommit(
      hash: hash, row: row, salt: salt, versionKey: versionKey, madeAt: madeAt, hasLanded: hasLanded)
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ commit: PendingCommit) {
    self += commit.hash.bytes
    appendBigEndian(commit.madeAt.value)
    append(commit.hasLanded ? 1 : 0)
    appendBigEndian(commit.versionKey)
    append(UInt8(commit.salt.count))
    self += commit.salt
    appendBigEndian(UInt16(commit.row.uids.count))
    for (uid, value) in zip(commit.row.uids, commit.row.values) {
      appendBigEndian(uid)
      appendBigEndian(value)
    }
  }

  fileprivate mutating func appendBigEndian(_ integer: some FixedWidthInteger & UnsignedInteger) {
    for shift in stride(from: integer.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: integer >> shift))
    }
  }
}
