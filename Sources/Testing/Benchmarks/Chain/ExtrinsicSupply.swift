import JSONText
import Keys
import Ledger
import Primitives
import Wire

/// Transfers of many accounts, signed before anything is measured.
struct ExtrinsicSupply: Sendable {
  /// Of one account, in ascending nonce.
  struct Lane: Sendable {
    let key: KeyPair
    /// Encoded `SignedExtrinsic`s; the place is the nonce.
    var encoded: [[UInt8]]
  }

  let lanes: [Lane]
  /// Some of the signatures, for the measure of verification alone.
  let checks: [SignatureCheck]

  /// The genesis document in which the accounts have money.
  static func genesis(accounts: Int) -> JSONValue {
    let balances = (0..<accounts).map { JSONMember(key($0).account.description, .text("1000000000000")) }
    return ["name": "bench", "profile": "local", "balances": .object(balances)]
  }

  private static func key(_ number: Int) -> KeyPair { .development(name: "bench-\(number)") }

  /// Signs `perAccount` transfers of each account to its neighbour, on all processors.
  static func signed(accounts: Int, perAccount: Int, chainID: Hash256) async throws -> ExtrinsicSupply {
    let keys = (0..<accounts).map(key)
    let lanes = try await withThrowingTaskGroup(of: (Int, Lane, [SignatureCheck]).self) { group in
      for (number, key) in keys.enumerated() {
        let call = Transfer(to: keys[(number + 1) % accounts].account, amount: Rao(1))
        group.addTask {
          let bytes = try WireCodec.encode(call.message, as: .call)
          var lane = Lane(key: key, encoded: [])
          var checks: [SignatureCheck] = []
          for nonce in 0..<perAccount {
            let body = ExtrinsicBody(
              chainID: chainID, specVersion: TransactionLimits.specVersion, signer: key.account, nonce: UInt64(nonce),
              birth: .genesis, period: 0, tip: .zero, call: bytes)
            let extrinsic = try Extrinsic(signing: body, with: key)
            lane.encoded.append(try extrinsic.encoded())
            if nonce < 8, let check = extrinsic.signatureCheck { checks.append(check) }
          }
          return (number, lane, checks)
        }
      }
      var all: [(Int, Lane, [SignatureCheck])] = []
      for try await part in group { all.append(part) }
      return all.sorted { $0.0 < $1.0 }
    }
    return ExtrinsicSupply(lanes: lanes.map(\.1), checks: lanes.flatMap(\.2))
  }
}
