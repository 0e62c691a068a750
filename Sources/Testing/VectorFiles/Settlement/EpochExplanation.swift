import FixedPoint
import JSONText
import Primitives
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
  private let epochNumber: Int
  private let epoch: YumaVector.Settled
  private let recording: EpochRecording

  init(_ epoch: YumaVector.Settled, uid: Int, number: Int) throws(Failure) {
    guard uid < epoch.input.uidCount else { throw .noSuchUID(uid, uids: epoch.input.uidCount) }
    guard let recording = epoch.recording else { throw .notRecorded }
    self.uid = uid
    epochNumber = number
    self.epoch = epoch
    self.recording = recording
  }

  var text: String { ([title] + stake + asServer + asValidator + pay).joined(separator: "\n") + "\n" }

  private var title: String { "epoch \(epochNumber), block \(epoch.input.block), uid \(uid)" }

  private var stake: [String] {
    let (input, output) = (epoch.input, epoch.output)
    let permits = (uid < input.validatorPermit.count && input.validatorPermit[uid], output.validatorPermit[uid])
    return [
      "  stake            \(output.stake[uid]) = \(input.alphaStake[uid]) alpha + root \(input.taoStake[uid]) x "
        + "\(share(rootWeight))",
      "  stake share      \(value(.stake))   among active validators \(value(.activeStake))",
      "  validator permit \(permits.0 ? "yes" : "no") before, \(permits.1 ? "yes" : "no") now"
        + (output.active[uid] ? "" : "   inactive: last weights at block \(lastUpdate)"),
    ]
  }

  /// How much root stake counts, cut to 32 fraction bits as the epoch has it.
  private var rootWeight: Int64 { Int64(U96F32(epoch.input.parameters.taoWeight, of: .max).bits) }

  private var lastUpdate: String { uid < epoch.input.lastUpdate.count ? "\(epoch.input.lastUpdate[uid])" : "0" }

  /// What each validator gave this uid, and where consensus cut it.
  private var asServer: [String] {
    let consensus = bits(.consensus, uid)
    var lines = ["  as server: consensus \(share(consensus))"]
    for rating in ratings {
      let cut = rating.clipped < rating.weight ? " cut to \(share(rating.clipped))" : ""
      lines.append(
        "    validator \(rating.validator) gives \(share(rating.weight))\(cut), votes with \(share(rating.vote)): "
          + "adds \(share(rating.sum))")
    }
    return lines + ["    rank \(share(bits(.ranks, uid))), incentive \(share(bits(.incentive, uid)))"]
  }

  /// What this uid gave, what it holds of each server, and what that earned.
  private var asValidator: [String] {
    guard let weights = recording[.weights]?[uid], !weights.isEmpty || !holdings.isEmpty else { return [] }
    var lines = ["  as validator: trust \(value(.validatorTrust)) of its weight survived"]
    for holding in holdings {
      lines.append(
        "    holds \(share(holding.bond)) of server \(holding.server), whose incentive is "
          + "\(share(holding.incentive)): earns \(share(holding.sum))")
    }
    return lines + ["    dividends \(value(.dividends))"]
  }

  /// What one validator gave this uid; shares with 32 fraction bits.
  private struct Rating {
    let validator: Int
    let weight: Int64
    /// What consensus left of it.
    let clipped: Int64
    let vote: Int64
    var sum: Int64 { product(vote, clipped) }
  }

  private var ratings: [Rating] {
    (0..<epoch.input.uidCount).compactMap { row in
      guard let weight = bits(.weights, row, uid) else { return nil }
      return Rating(
        validator: row, weight: weight, clipped: bits(.clippedWeights, row, uid) ?? 0, vote: bits(.activeStake, row))
    }
  }

  /// What this uid holds of one server; shares with 32 fraction bits.
  private struct Holding {
    let server: Int
    let bond: Int64
    let incentive: Int64
    var sum: Int64 { product(incentive, bond) }
  }

  /// The shares that pay: of each column's bonds, this uid's.
  private var holdings: [Holding] {
    let bonds = recording[epoch.input.parameters.yuma3 ? .bondShares : .smoothedBonds]?[uid] ?? []
    return bonds.map { Holding(server: $0.column, bond: $0.bits, incentive: bits(.incentive, $0.column)) }
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
}

extension EpochExplanation {
  /// The same as an object: amounts in rao, shares of one with nine fraction digits, cut.
  var document: JSONValue {
    let (input, output) = (epoch.input, epoch.output)
    return [
      "epoch": JSONValue(epochNumber), "block": JSONValue(input.block.value), "uid": JSONValue(uid),
      "stake_rao": JSONValue(output.stake[uid].value), "alpha_stake_rao": JSONValue(input.alphaStake[uid].value),
      "root_stake_rao": JSONValue(input.taoStake[uid].value), "root_weight": number(rootWeight),
      "stake_share": number(bits(.stake, uid)), "active_stake_share": number(bits(.activeStake, uid)),
      "permit_before": .flag(uid < input.validatorPermit.count && input.validatorPermit[uid]),
      "permit_now": .flag(output.validatorPermit[uid]), "active": .flag(output.active[uid]),
      "consensus": number(bits(.consensus, uid)), "ratings": .list(ratings.map(document)),
      "rank": number(bits(.ranks, uid)), "incentive": number(bits(.incentive, uid)),
      "validator_trust": number(bits(.validatorTrust, uid)), "holdings": .list(holdings.map(document)),
      "dividends": number(bits(.dividends, uid)), "emission_rao": JSONValue(input.emission.value),
      "server_emission_rao": JSONValue(output.serverEmission[uid].value),
      "server_share": number(bits(.serverShare, uid)),
      "validator_emission_rao": JSONValue(output.validatorEmission[uid].value),
      "validator_share": number(bits(.validatorShare, uid)),
    ]
  }

  private func document(_ rating: Rating) -> JSONValue {
    [
      "validator": JSONValue(rating.validator), "weight": number(rating.weight), "clipped": number(rating.clipped),
      "vote": number(rating.vote), "adds": number(rating.sum),
    ]
  }

  private func document(_ holding: Holding) -> JSONValue {
    [
      "server": JSONValue(holding.server), "bond": number(holding.bond), "incentive": number(holding.incentive),
      "earns": number(holding.sum),
    ]
  }

  /// A share with nine fraction digits, cut.
  private func number(_ bits: Int64) -> JSONValue { .fixed(Int64((Int128(bits) * 1_000_000_000) >> 32), digits: 9) }
  private func share(_ bits: Int64) -> String { number(bits).compactText }
}

/// Of two shares with 32 fraction bits; rounds down.
private func product(_ left: Int64, _ right: Int64) -> Int64 { Int64((Int128(left) * Int128(right)) >> 32) }
