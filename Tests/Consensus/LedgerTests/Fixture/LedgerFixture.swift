import Keys
import Ledger
import Primitives
import Testing
import Wire

/// A small chain on the local profile, with names for its accounts.
///
/// Every account of `names` starts with a million TAO. The key of a hotkey is `<name>-hot`.
struct LedgerFixture {
  static let names = ["owner", "validator", "miner", "stranger", "sudo", "faucet"]
  static let chainID = Hash256(hashing: Array("fixture".utf8))
  static let host = HostFunctions(
    hash: { Hash256(hashing: $0) }, isAcceptableKey: { PublicKeyRules.isAcceptable($0) },
    decodeCall: { try? WireCodec.decode($0, as: .call) })

  var state: LedgerState

  init(_ change: (inout Genesis) -> Void = { _ in }) {
    var genesis = Genesis()
    genesis.parameters = .local
    genesis.balances = Self.names.sorted().map { GenesisBalance(Self.account($0), .tao(1_000_000)) }
    genesis.sudoKey = Self.account("sudo")
    genesis.faucet = Self.account("faucet")
    genesis.authorities = [Self.account("authority")]
    change(&genesis)
    state = LedgerState(genesis, host: Self.host)
    advance(1)
  }

  /// Subnet 1 with `owner-hot` as uid 0, `validator-hot` as 1 and `miner-hot` as 2.
  static func withSubnet(_ change: (inout Genesis) -> Void = { _ in }) throws -> LedgerFixture {
    var fixture = LedgerFixture(change)
    try fixture.run(RegisterSubnet(hotkey: hotkey("owner")), as: "owner")
    for name in ["validator", "miner"] {
      try fixture.run(RegisterNeuron(netuid: NetUID(1), hotkey: hotkey(name)), as: name)
    }
    return fixture
  }

  // MARK: Names

  static func account(_ name: String) -> AccountID {
    AccountID(Array(name.utf8) + Array(repeating: 0, count: 32 - name.utf8.count))!
  }

  static func coldkey(_ name: String) -> Coldkey { Coldkey(account(name)) }
  static func hotkey(_ name: String) -> Hotkey { Hotkey(account(name + "-hot")) }

  // MARK: Doing

  mutating func advance(_ blocks: Int) {
    for _ in 0..<blocks { _ = state.beginBlock(with: Self.host) }
  }

  /// Opens the next block and returns what its step told.
  mutating func step() -> [LedgerEvent] { state.beginBlock(with: Self.host) }

  /// Runs a call that must succeed, as the coldkey or account of that name.
  @discardableResult
  mutating func run(_ call: any LedgerCall, as name: String) throws(LedgerError) -> [LedgerEvent] {
    try state.run(call, as: .signed(Self.account(name)), with: Self.host)
  }

  @discardableResult
  mutating func runAsRoot(_ call: any LedgerCall) throws(LedgerError) -> [LedgerEvent] {
    try state.run(call, as: .root, with: Self.host)
  }

  /// Sends a call the whole way: encoded, decoded, charged and executed.
  mutating func send(_ call: [UInt8], as name: String) -> TransactionOutcome {
    state.execute(body(call, as: name), with: Self.host)
  }

  mutating func send(_ call: any LedgerCall, as name: String) throws -> TransactionOutcome {
    send(try Self.encoded(call), as: name)
  }

  /// The error of a call, or nil; what it changed stays.
  mutating func refusal(of call: any LedgerCall, as name: String) -> LedgerErrorCode? {
    do throws(LedgerError) {
      try run(call, as: name)
      return nil
    } catch {
      return error.code
    }
  }

  mutating func refusalAsRoot(of call: any LedgerCall) -> LedgerErrorCode? {
    do throws(LedgerError) {
      try runAsRoot(call)
      return nil
    } catch {
      return error.code
    }
  }

  func body(_ call: [UInt8], as name: String) -> ExtrinsicBody {
    let account = Self.account(name)
    return ExtrinsicBody(
      chainID: Self.chainID, specVersion: TransactionLimits.specVersion, signer: account,
      nonce: state.account(account).nonce, birth: .genesis, period: 0, tip: .zero, call: call)
  }

  static func encoded(_ call: any LedgerCall) throws -> [UInt8] { try WireCodec.encode(call.message, as: .call) }

  /// The state after the failed transaction of an account: a nonce is all that it costs.
  func afterFailure(of name: String) -> LedgerState {
    var copy = state
    var record = copy.account(Self.account(name))
    record.nonce += 1
    copy.accounts[Self.account(name)] = record
    return copy
  }
}

extension LedgerEvent {
  func number(_ field: String) -> UInt64? {
    guard case .unsigned(let number)? = fields[field] else { return nil }
    return number
  }
}

extension LedgerFixture {
  static func encoded(_ message: Fields) throws -> [UInt8] { try WireCodec.encode(message, as: .call) }
}
