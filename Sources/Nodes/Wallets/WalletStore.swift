package import Keys
package import Primitives

/// The wallets in one folder: `<wallet>/coldkey` and `<wallet>/hotkeys/<hotkey>`.
///
/// Wherever a wallet or hotkey is named for signing, `//Alice` names the development key of that name instead; nothing
/// is read or written for it. The hotkey `h` of the development wallet `//Alice` is the development key `Alice/h`.
package struct WalletStore: Sendable {
  /// The folder the wallets are in; it need not exist before the first wallet.
  package let root: String

  package init(root: String) { self.root = root }

  /// The store of a user: `.subnetkit/wallets` in the home folder.
  ///
  /// - Parameter home: The value of `HOME`.
  package init(home: String?) throws(WalletError) {
    guard let home, !home.isEmpty else { throw .homeUnknown }
    root = home + "/.subnetkit/wallets"
  }

  // MARK: Making keys

  /// Makes a wallet with its coldkey.
  ///
  /// - Throws: `.alreadyExists` when the wallet has a coldkey; the store is then as it was.
  @discardableResult
  package func create(
    _ wallet: String, password: SecretBytes? = nil, key: KeyPair = .generate(), cost: PasswordCost = .moderate
  ) throws(WalletError) -> AccountID {
    let name = try storable(wallet)
    let path = coldkeyPath(name)
    let contents = try sealed(key, role: .coldkey, path: path, password: password, cost: cost)
    try OwnerOnlyFile.makeFolder(folder(of: name))
    try OwnerOnlyFile.create(path, holding: contents)
    return key.account
  }

  /// Makes a hotkey in a wallet that exists.
  ///
  /// - Throws: `.walletNotFound`, or `.alreadyExists` when the wallet has a hotkey of this name.
  @discardableResult
  package func createHotkey(
    _ hotkey: String, in wallet: String, password: SecretBytes? = nil, key: KeyPair = .generate(),
    cost: PasswordCost = .moderate
  ) throws(WalletError) -> AccountID {
    let (wallet, hotkey) = (try storable(wallet), try storable(hotkey))
    guard OwnerOnlyFile.exists(folder(of: wallet)) else { throw .walletNotFound(wallet.text, root: root) }
    let path = hotkeyPath(hotkey, of: wallet)
    let contents = try sealed(key, role: .hotkey, path: path, password: password, cost: cost)
    try OwnerOnlyFile.makeFolder(hotkeysFolder(of: wallet))
    try OwnerOnlyFile.create(path, holding: contents)
    return key.account
  }

  // MARK: Opening keys

  /// The coldkey of a wallet, ready to sign.
  package func coldkey(of wallet: String, password: SecretBytes? = nil) throws(WalletError) -> KeyPair {
    switch try KeyReference(wallet) {
    case .development(let pair): return pair
    case .stored(let name): return try open(coldkeyPath(name), role: .coldkey, of: name, password: password)
    }
  }

  /// A hotkey of a wallet, ready to sign; a development hotkey needs no wallet.
  package func hotkey(
    _ hotkey: String, of wallet: String, password: SecretBytes? = nil
  ) throws(WalletError) -> KeyPair {
    switch (try KeyReference(hotkey), try KeyReference(wallet)) {
    case (.development(let pair), _): return pair
    case (.stored(let name), .development(let coldkey)):
      return .development(name: "\(coldkey.developmentName ?? "")/\(name)")
    case (.stored(let name), .stored(let wallet)):
      return try open(hotkeyPath(name, of: wallet), role: .hotkey, of: wallet, password: password)
    }
  }

  /// The account of a coldkey, from the address in clear: no password, and no proof that the secret fits.
  package func coldkeyAccount(of wallet: String) throws(WalletError) -> AccountID {
    switch try KeyReference(wallet) {
    case .development(let pair): return pair.account
    case .stored(let name): return try read(coldkeyPath(name), role: .coldkey, of: name).account
    }
  }

  /// The account of a hotkey, from the address in clear: no password, and no proof that the secret fits.
  package func hotkeyAccount(_ hotkey: String, of wallet: String) throws(WalletError) -> AccountID {
    if case .stored(let name) = try KeyReference(hotkey), case .stored(let wallet) = try KeyReference(wallet) {
      return try read(hotkeyPath(name, of: wallet), role: .hotkey, of: wallet).account
    }
    return try self.hotkey(hotkey, of: wallet).account
  }

  // MARK: Looking

  /// Every wallet by name; what cannot be read is in the list with its reason.
  package func list() throws(WalletError) -> [WalletSummary] {
    var summaries: [WalletSummary] = []
    for name in try keyNames(in: root) { summaries.append(try summary(name)) }
    return summaries
  }

  /// One wallet as the list shows it.
  package func summary(of wallet: String) throws(WalletError) -> WalletSummary {
    let name = try storable(wallet)
    guard OwnerOnlyFile.exists(folder(of: name)) else { throw .walletNotFound(wallet, root: root) }
    return try summary(name)
  }

  private func summary(_ wallet: KeyName) throws(WalletError) -> WalletSummary {
    let path = coldkeyPath(wallet)
    var hotkeys: [WalletSummary.NamedHotkey] = []
    for name in try keyNames(in: hotkeysFolder(of: wallet)) {
      let status = status(of: hotkeyPath(name, of: wallet), role: .hotkey, in: wallet)
      hotkeys.append(WalletSummary.NamedHotkey(name: name, status: status))
    }
    let coldkey = OwnerOnlyFile.exists(path) ? status(of: path, role: .coldkey, in: wallet) : nil
    return WalletSummary(name: wallet, coldkey: coldkey, hotkeys: hotkeys)
  }

  private func status(of path: String, role: KeyRole, in wallet: KeyName) -> KeyStatus {
    do throws(WalletError) {
      let file = try read(path, role: role, of: wallet)
      return .usable(file.account, isSealed: file.isSealed)
    } catch {
      return .unusable(error)
    }
  }

  /// Names that could be keys; others, such as half-written files, are none of ours.
  private func keyNames(in folder: String) throws(WalletError) -> [KeyName] {
    try OwnerOnlyFile.names(in: folder).compactMap { try? KeyName($0) }
  }

  // MARK: Files

  private func folder(of wallet: KeyName) -> String { "\(root)/\(wallet)" }
  private func hotkeysFolder(of wallet: KeyName) -> String { "\(root)/\(wallet)/hotkeys" }
  private func coldkeyPath(_ wallet: KeyName) -> String { "\(root)/\(wallet)/coldkey" }
  private func hotkeyPath(_ hotkey: KeyName, of wallet: KeyName) -> String { "\(root)/\(wallet)/hotkeys/\(hotkey)" }

  private func storable(_ text: String) throws(WalletError) -> KeyName {
    guard case .stored(let name) = try KeyReference(text) else { throw .developmentKeyNotStorable(text) }
    return name
  }

  private func sealed(
    _ key: KeyPair, role: KeyRole, path: String, password: SecretBytes?, cost: PasswordCost
  ) throws(WalletError) -> SecretBytes {
    // Known before the password is stretched; giving the file its name decides again.
    guard !OwnerOnlyFile.exists(path) else { throw .alreadyExists(path: path) }
    do throws(SealedSecretError) {
      return try KeyFile(key, role: role, password: password, cost: cost).encoded()
    } catch {
      throw walletError(error, path: path)
    }
  }

  private func read(_ path: String, role: KeyRole, of wallet: KeyName) throws(WalletError) -> KeyFile {
    guard OwnerOnlyFile.exists(folder(of: wallet)) else { throw .walletNotFound(wallet.text, root: root) }
    let contents = try OwnerOnlyFile.read(path, limit: KeyFile.byteLimit)
    do throws(KeyFileDefect) {
      let file = try contents.withBytes { (bytes) throws(KeyFileDefect) in try KeyFile(parsing: bytes) }
      guard file.role == role else { throw .wrongRole }
      return file
    } catch {
      throw .damaged(path: path, error)
    }
  }

  private func open(
    _ path: String, role: KeyRole, of wallet: KeyName, password: SecretBytes?
  ) throws(WalletError) -> KeyPair {
    let file = try read(path, role: role, of: wallet)
    do throws(KeyFileOpenError) {
      return try file.open(password: password)
    } catch {
      switch error {
      case .passwordNeeded: throw .passwordNeeded(path: path)
      case .wrongAddress: throw .damaged(path: path, .wrongAddress)
      case .sealed(let reason): throw walletError(reason, path: path)
      }
    }
  }
}

private func walletError(_ error: SealedSecretError, path: String) -> WalletError {
  switch error {
  case .emptyPassword: .emptyPassword
  case .wrongPasswordOrAltered: .wrongPassword(path: path)
  case .outOfMemory(let bytes): .outOfMemory(bytes: bytes)
  }
}
