package import Daemon
import Keys
import Primitives
import SubnetKit

// Layout, integers big-endian: "SKVS" | version u16 | chain id 32 | netuid u16 | mechid u8 | hotkey 32 | next round u64 |
// weights sent u8, last weights block u64 | tally count u32, count times (hotkey 32 | four u64), hotkeys ascending |
// commit count u16, count times (hash 32 | made at u64 | landed u8 | version key u64 | salt length u8, salt |
// weight count u16, count times (uid u16 | value u16)) | book length u32, book | from version 2: memory u8, and if 1
// mechanism text, length u32, bytes | pending count u32, count times a `PendingRound` | BLAKE2b-256 of all before.

extension ValidatorState {
  private static let magic = Array("SKVS".utf8)
  /// Version 1 knew neither memories nor pending rounds; it is still read.
  private static let formatVersion: UInt16 = 2

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
    bytes.append(memory == nil ? 0 : 1)
    if let memory {
      bytes.append(memory.mechanism)
      bytes.append(memory.bytes)
    }
    bytes.appendBigEndian(UInt32(pending.rounds.count))
    for round in pending.rounds { bytes.append(round) }
    return bytes + Hash256(hashing: bytes).bytes
  }

  /// Reads a state back.
  ///
  /// - Throws: What is wrong with the bytes. Do not go on with an empty state then: saving it would forget everything.
  package init(serialized bytes: [UInt8]) throws(ValidatorStateError) {
    guard bytes.starts(with: ValidatorState.magic) else { throw .notAState }
    var reader = StateReader(bytes.dropFirst(ValidatorState.magic.count))
    let version: UInt16 = try reader.number()
    guard (1...ValidatorState.formatVersion).contains(version) else { throw .newerVersion }
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
    do {
      book = try ScoreBook(serialized: reader.blob())
    } catch {
      throw .damaged
    }
    if version >= 2 { try readRounds(&reader) }
    guard reader.count == Bytes32.count else { throw .damaged }
  }
}

extension ValidatorState {
  private mutating func readRounds(_ reader: inout StateReader) throws(ValidatorStateError) {
    if try reader.number(UInt8.self) != 0 {
      memory = MechanismMemory(mechanism: try reader.text(), bytes: try reader.blob())
    }
    for _ in 0..<(try reader.number(UInt32.self)) {
      guard pending.add(try reader.pendingRound()) == nil else { throw .damaged }
    }
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
