package import JSONText
import Primitives
package import Yuma

extension EpochOutput {
  /// The output in the vectors' form and order.
  package var json: JSONValue {
    [
      "active": flags(active), "stake": JSONValue(stake.map(\.value)), "stake_weight": JSONValue(stakeWeight),
      "validator_permit": flags(validatorPermit), "consensus": JSONValue(consensus), "incentive": JSONValue(incentive),
      "dividends": JSONValue(dividends), "validator_trust": JSONValue(validatorTrust),
      "server_emission": JSONValue(serverEmission.map(\.value)),
      "validator_emission": JSONValue(validatorEmission.map(\.value)), "emission": JSONValue(emission.map(\.value)),
      "bonds": .list(bonds.pairs.map { row in .list(row.map { [JSONValue($0.0), JSONValue($0.1)] }) }),
    ]
  }

  private func flags(_ flags: [Bool]) -> JSONValue { JSONValue(flags.map { $0 ? 1 : 0 }) }
}

extension EpochRecording {
  /// The intermediate results in the vectors' form; matrices on request.
  ///
  /// `alphas` are left out: the vectors give all pairs, the epoch evaluates only those that occur.
  package func json(matrices: Bool) -> JSONValue {
    var members: [JSONMember] = []
    for vector in EpochVector.allCases {
      guard let values = self[vector] else { continue }
      let list = vector == .totalStake ? .list(values.map { .text(String($0)) }) : JSONValue(values)
      members.append(JSONMember(vector.rawValue, list))
    }
    for matrix in EpochMatrix.allCases where matrices && matrix != .smoothing {
      guard let rows = self[matrix] else { continue }
      let list = rows.map { row in JSONValue.list(row.map { [JSONValue($0.column), JSONValue($0.bits)] }) }
      members.append(JSONMember(matrix.rawValue, .list(list)))
    }
    return .object(members)
  }
}

/// The first place where a computed result differs from the expected one.
package struct VectorDifference: Hashable, Sendable, CustomStringConvertible {
  package let epoch: Int
  package let field: String
  /// The uid, or nil where the whole field is missing.
  package let uid: Int?
  package let expected: JSONValue
  package let found: JSONValue

  package var description: String {
    let place = uid.map { "\(field) of uid \($0)" } ?? field
    return "epoch \(epoch): \(place): expected \(expected.compactText), found \(found.compactText)"
  }
}

extension YumaVector {
  /// What one epoch of the file gave.
  package struct Settled: Sendable {
    package let input: EpochInput
    package let output: EpochOutput
    package let recording: EpochRecording?
  }

  /// Up to this many uids the vectors give intermediate matrices.
  package static let matrixLimit = 20

  /// Settles the file's epochs one after the other.
  ///
  /// - Parameter recordEach: Whether every epoch's intermediate results are kept.
  /// - Throws: ``JSONShapeError`` or ``EpochError``.
  package func settle(recordEach: Bool) throws -> [Settled] {
    var workspace = YumaEpoch()
    var settled: [Settled] = []
    for index in epochs.indices {
      let input = try settled.last.map { try self.input(index, after: $0.input, $0.output) } ?? firstInput()
      if recordEach {
        var recording = EpochRecording(uidCount: input.uidCount)
        let output = try workspace.settle(input, recording: &recording)
        settled.append(Settled(input: input, output: output, recording: recording))
      } else {
        settled.append(Settled(input: input, output: try workspace.settle(input), recording: nil))
      }
    }
    return settled
  }

  /// The first difference between what was settled and what the file expects, intermediate results included where both give
  /// them; nil if there is none.
  ///
  /// - Throws: ``JSONShapeError`` where the file expects nothing of any epoch: silence is no agreement.
  package func firstDifference(_ settled: [Settled]) throws -> VectorDifference? {
    guard expectedEpochCount > 0 else {
      throw JSONShapeError.expected("an \"output\" in at least one epoch, to compare with", found: "none")
    }
    for (index, epoch) in epochs.enumerated() {
      let result = settled[index]
      if let expected = epoch.output {
        let computed = result.output.json
        if let found = try difference(in: expected, computed, epoch: index) { return found }
      }
      if let bits = epoch.bits, let recording = result.recording {
        let computed = recording.json(matrices: uidCount <= YumaVector.matrixLimit)
        if let found = try difference(in: bits, computed, epoch: index) { return found }
      }
    }
    return nil
  }

  private func difference(in expected: JSONValue, _ computed: JSONValue, epoch: Int) throws -> VectorDifference? {
    for member in try expected.members() where member.name != EpochMatrix.smoothing.rawValue {
      // A matrix without a single entry is not recorded at all.
      let nothing = JSONValue.list(Array(repeating: [], count: uidCount))
      let found = try (computed[member.name] ?? nothing).elements()
      let values = try member.value.elements()
      for uid in 0..<max(values.count, found.count) {
        let wanted = uid < values.count ? try canonical(values[uid]) : .null
        let given = uid < found.count ? found[uid] : .null
        if wanted != given {
          return VectorDifference(epoch: epoch, field: member.name, uid: uid, expected: wanted, found: given)
        }
      }
    }
    return nil
  }

  /// A matrix row by ascending column and without columns past the last uid; any other value as it is.
  ///
  /// Intermediate rows stand in the order in which their weights were stored, and show bonds that no output depends on (yuma
  /// 9.2); neither is part of the result.
  private func canonical(_ value: JSONValue) throws -> JSONValue {
    guard case .list(let cells) = value else { return value }
    let named = try cells.map { (column: try $0.pair().0.integer(Int.self), cell: $0) }
    return .list(named.filter { $0.column < uidCount }.sorted { $0.column < $1.column }.map(\.cell))
  }
}
