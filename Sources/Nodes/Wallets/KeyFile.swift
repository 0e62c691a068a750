import Keys
import Primitives

/// Which of the two roles a key file is for.
enum KeyRole: String, CaseIterable {
  case coldkey
  case hotkey
}

/// One key as it lies in a file: lines of text, the address in clear, the seed in clear or under a password.
///
/// ```
/// subnetkit-key 1
/// role hotkey
/// address 5Grwva…
/// protection argon2id-xchacha20poly1305
/// passes 3
/// memory-bytes 268435456
/// salt 9f…
/// nonce 01…
/// sealed-seed 7c…
/// checksum 3b…
/// ```
///
/// Without a password `protection none` and `seed …` stand in place of the six lines. The checksum is the BLAKE2b-256
/// of all bytes before its line; it tells a damaged file from a wrong password before the password is stretched.
/// The first four lines are sealed together with the seed.
struct KeyFile {
  enum Seed {
    case plain(SecretBytes)
    case sealed(SealedSecret)
  }

  static let byteLimit = 64 << 10

  let role: KeyRole
  let account: AccountID
  let seed: Seed

  var isSealed: Bool {
    switch seed {
    case .plain: false
    case .sealed: true
    }
  }

  init(
    _ keyPair: KeyPair, role: KeyRole, password: SecretBytes?, cost: PasswordCost
  ) throws(SealedSecretError) {
    self.role = role
    account = keyPair.account
    if let password {
      let header = KeyFile.header(role: role, account: account, isSealed: true)
      seed = .sealed(try SealedSecret(sealing: keyPair.seed(), password: password, header: header, cost: cost))
    } else {
      seed = .plain(keyPair.seed())
    }
  }

  /// The key pair; a password given for a file without one is not looked at.
  func open(password: SecretBytes?) throws(KeyFileOpenError) -> KeyPair {
    let opened: SecretBytes
    switch seed {
    case .plain(let plain): opened = plain
    case .sealed(let box):
      guard let password else { throw .passwordNeeded }
      let header = KeyFile.header(role: role, account: account, isSealed: true)
      do throws(SealedSecretError) {
        opened = try box.open(password: password, header: header)
      } catch {
        throw .sealed(error)
      }
    }
    guard let pair = KeyPair(seed: opened), pair.account == account else { throw .wrongAddress }
    return pair
  }

  /// The first four lines, which stand in every file and are authenticated in a sealed one.
  static func header(role: KeyRole, account: AccountID, isSealed: Bool) -> [UInt8] {
    let protection = isSealed ? KeyFileText.sealed : KeyFileText.plain
    return Array(
      "\(KeyFileText.title)role \(role.rawValue)\naddress \(account.address)\nprotection \(protection)\n".utf8)
  }
}

/// Why a well-formed key file did not open.
enum KeyFileOpenError: Error, Hashable {
  case passwordNeeded
  case sealed(SealedSecretError)
  case wrongAddress
}
