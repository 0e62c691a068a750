package import Primitives

/// One kind of transaction: its arguments, and its rule as checks, then effects, then events.
///
/// Adding a call means one file with a type like this, one line in `CallTable`, and its message in `Proto/`.
/// Fee, wire form, command line and help follow from these.
package protocol LedgerCall: FieldMapped {
  static var descriptor: CallDescriptor { get }

  /// Checks in the order of the specification, then effects, then the events that tell of them.
  ///
  /// - Throws: The first check that fails. The caller takes back every write made before the throw,
  ///   so a refused call changes nothing.
  func execute(on state: inout LedgerState, as origin: Origin, with host: HostFunctions) throws(LedgerError)
    -> [LedgerEvent]

  /// How strict a majority it takes to carry this out by proposal; nil when no proposal may.
  var proposalClass: ProposalClass? { get }
}

extension LedgerCall {
  package var proposalClass: ProposalClass? { nil }
}

/// What the protocol fixes about a kind of transaction. Source: registry 20.
package struct CallDescriptor: Sendable, Hashable {
  /// Row of registry 20 and number of the message in `Call`; never reused.
  package let number: UInt16
  /// UpperCamelCase, as in the specification.
  package let name: String
  /// Whether the flat fee applies, where one is set.
  package let bearsFee: Bool
  /// Whether the weight lane of the pool and a paused chain let it pass.
  package let isWeightCall: Bool
  /// Who may send it, for help texts.
  package let signer: Signer
  /// One sentence for help texts.
  package let summary: String

  package enum Signer: String, Sendable {
    case coldkey
    case hotkey
    case owner = "subnet owner or root"
    case ownerOnly = "subnet owner"
    case root
    case authority
    case anyone
    case sudo = "sudo key"
  }

  package init(
    _ number: UInt16, _ name: String, by signer: Signer, bearsFee: Bool = true, isWeightCall: Bool = false,
    _ summary: String
  ) {
    self.number = number
    self.name = name
    self.signer = signer
    self.bearsFee = bearsFee
    self.isWeightCall = isWeightCall
    self.summary = summary
  }

  /// The name of the message field: `RegisterNeuron` is `register_neuron`.
  package var fieldName: String { snakeCase(name) }
}

/// `RegisterNeuron` as `register_neuron`: every capital after the first begins a word.
///
/// Names of the protocol are ASCII; what is not stays as it is.
package func snakeCase(_ camel: String) -> String {
  var snake: [UInt8] = []
  snake.reserveCapacity(camel.utf8.count + 8)
  for byte in camel.utf8 {
    guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) else {
      snake.append(byte)
      continue
    }
    if !snake.isEmpty { snake.append(UInt8(ascii: "_")) }
    snake.append(byte | 0x20)
  }
  return String(decoding: snake, as: UTF8.self)
}

/// Under whose authority a call runs.
package enum Origin: Sendable, Hashable {
  case signed(AccountID)
  /// The sudo key's word, an enacted proposal, or genesis.
  case root
}

extension Origin {
  /// The account that signed.
  ///
  /// - Throws: `NotAuthorized` for root, which owns nothing and holds no uid.
  package func signer() throws(LedgerError) -> AccountID {
    guard case .signed(let account) = self else { throw .notAuthorized }
    return account
  }

  package func coldkey() throws(LedgerError) -> Coldkey { Coldkey(try signer()) }
  package func hotkey() throws(LedgerError) -> Hotkey { Hotkey(try signer()) }

  package func requireRoot() throws(LedgerError) {
    guard self == .root else { throw .notAuthorized }
  }
}

/// Pure functions that the ledger's rules need and cannot hold themselves: the room of keys is not below this one.
package struct HostFunctions: Sendable {
  /// BLAKE2b-256.
  package let hash: @Sendable ([UInt8]) -> Hash256
  /// False for small-order and non-canonical keys (reliability R5).
  package let isAcceptableKey: @Sendable (AccountID) -> Bool
  /// The named values of an encoded `Call`: one group entry, named as the call's message field. Nil when malformed.
  package let decodeCall: @Sendable ([UInt8]) -> Fields?
  /// Accounts nobody holds a key for: the burn account and the reserved account of every netuid.
  package let burnAccount: AccountID
  private let systemAccounts: Set<AccountID>
  /// Runs independent pure jobs, possibly on several cores, and returns their results in the jobs' order.
  package let runTogether: Together
  package typealias Together = @Sendable ([@Sendable () -> any Sendable]) -> [any Sendable]

  /// Netuids stay below this (registry 9).
  package static let netuidLimit = 4096

  package init(
    hash: @escaping @Sendable ([UInt8]) -> Hash256, isAcceptableKey: @escaping @Sendable (AccountID) -> Bool,
    decodeCall: @escaping @Sendable ([UInt8]) -> Fields?,
    runTogether: @escaping Together = { jobs in jobs.map { $0() } }
  ) {
    self.hash = hash
    self.isAcceptableKey = isAcceptableKey
    self.decodeCall = decodeCall
    self.runTogether = runTogether
    burnAccount = AccountID(hash(Array("burn-account/1".utf8)).value)
    let tag = Array("subnet-account/1".utf8)
    systemAccounts = Set(
      (0..<HostFunctions.netuidLimit).map { number in
        AccountID(hash(tag + [UInt8(number & 0xff), UInt8(number >> 8)]).value)
      })
  }
}

extension HostFunctions {
  /// The results of independent pure jobs, in the order of their indices.
  func together<Result: Sendable>(_ count: Int, _ job: @escaping @Sendable (Int) -> Result) -> [Result] {
    let results = runTogether((0..<count).map { index in { job(index) } })
    return results.map { result in
      guard let result = result as? Result else { preconditionFailure("a job's result is the job's own") }
      return result
    }
  }

  /// The keyless account of a subnet: neither a hotkey nor the target of a transfer.
  package func isSubnetAccount(_ account: AccountID) -> Bool { systemAccounts.contains(account) }

  /// Refuses keys that strict verification would refuse, wherever a call names an account.
  package func requireProperKey(_ account: AccountID) throws(LedgerError) {
    if !isAcceptableKey(account), account != burnAccount, !isSubnetAccount(account) { throw .invalidPublicKey }
  }

  /// Refuses derived accounts where a hotkey is named.
  package func requireHotkeyAccount(_ hotkey: Hotkey) throws(LedgerError) {
    if hotkey.account == burnAccount || isSubnetAccount(hotkey.account) { throw .cannotUseSystemAccount }
  }
}
