import JSONText
import Yuma

/// Why one uid got what it got in one epoch, in numbers.
struct EpochExplanation {
  enum Failure: Error, CustomStringConvertible {
    case noSuchUID(Int, uids: Int)
    case notRecorded

    var description: String {
      switch self {
      case .noSuchUID(let uid, let uids): "there is no uid \(uid); uids run from 0 to \(uids - 1)"
      case .notRecorded: "the epoch was settled without its intermediate results"
      }
    }
  }

  private let uid: Int
  private let number: Int
  private let epoch: YumaVector.Settled
  private let recording: EpochRecording

  init(_ epoch: YumaVector.Settled, uid: Int, number: Int) throws(Failure) {
    guard uid < epoch.input.uidCount else { throw .noSuchUID(uid, uids: epoch.input.uidCount) }
    guard let recording = epoch.recording else { throw .notRecorded }
    self.uid = uid
    self.number = number
    self.epoch = epoch
    self.recording = recording
  }

  var text: String { ([title] + stake + asServer + asValidator + pay).joined(separator: "\n") + "\n" }

  private var title: String { "epoch \(number), block \(epoch.input.block), uid \(uid)" }

  private var stake: [String] {
    let (input, output) = (epoch.input, epoch.output)
    let permits = (uid < input.validatorPermit.count && input.validatorPermit[uid], output.validatorPermit[uid])
    return [
      "  stake            \(output.stake[uid]) = \(input.alphaStake[uid]) alpha + root \(input.taoStake[uid]) x weight",
      "  stake share      \(value(.stake))   among active validators \(value(.activeStake))",
      "  validator permit \(permits.0 ? "yes" : "no") before, \(permits.1 ? "yes" : "no") now"
        + (output.active[uid] ? "" : "   inactive: last weights at block \(lastUpdate)"),
    ]
  }

  private var lastUpdate: String { uid < epoch.input.lastUpdate.count ? "\(epoch.input.lastUpdate[uid])" : "0" }

  /// What each validator gave this uid, and where consensus cut it.
  private var asServer: [String] {
    let consensus = bits(.consensus, uid)
    var lines = ["  as server: consensus \(share(consensus))"]
    for row in 0..<epoch.input.uidCount {
      guard let weight = bits(.weights, row, uid) else { continue }
      let clipped = bits(.clippedWeights, row, uid) ?? 0
      let active = bits(.activeStake, row)
      let cut = clipped < weight ? " cut to \(share(clipped))" : ""
      lines.append(
        "    validator \(row) gives \(share(weight))\(cut), votes with \(share(active)): adds \(share(product(active, clipped)))"
      )
    }
    return lines + ["    rank \(share(bits(.ranks, uid))), incentive \(share(bits(.incentive, uid)))"]
  }

  /// What this uid gave, what it holds of each server, and what that earned.
  private var asValidator: [String] {
    guard let weights = recording[.weights]?[uid], !weights.isEmpty || !bonds.isEmpty else { return [] }
    var lines = ["  as validator: trust \(value(.validatorTrust)) of its weight survived"]
    for entry in bonds {
      let incentive = bits(.incentive, entry.column)
      lines.append(
        "    holds \(share(entry.bits)) of server \(entry.column), whose incentive is \(share(incentive)): "
          + "earns \(share(product(incentive, entry.bits)))")
    }
    return lines + ["    dividends \(value(.dividends))"]
  }

  /// The shares that pay: of each column's bonds, this uid's.
  private var bonds: [EpochRecording.Entry] {
    recording[epoch.input.parameters.yuma3 ? .bondShares : .smoothedBonds]?[uid] ?? []
  }

  private var pay: [String] {
    let output = epoch.output
    return [
      "  pay of \(epoch.input.emission): serving \(output.serverEmission[uid]) (\(value(.serverShare))), "
        + "validating \(output.validatorEmission[uid]) (\(value(.validatorShare)))"
    ]
  }

  private func value(_ vector: EpochVector) -> String { share(bits(vector, uid)) }
  private func bits(_ vector: EpochVector, _ uid: Int) -> Int64 { recording[vector].map { Int64($0[uid]) } ?? 0 }
  private func bits(_ matrix: EpochMatrix, _ row: Int, _ column: Int) -> Int64? {
    recording[matrix]?[row].first { $0.column == column }?.bits
  }
  private func product(_ left: Int64, _ right: Int64) -> Int64 { Int64((Int128(left) * Int128(right)) >> 32) }

  /// A share with nine fraction digits, cut.
  private func share(_ bits: Int64) -> String {
    JSONValue.fixed(Int64((Int128(bits) * 1_000_000_000) >> 32), digits: 9).compactText
  }
}
