<?php
// For `php -S`: files as they are, every other address through index.php, as the rules of Apache would have it.
$site = __DIR__ . '/site';
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$file = $site . $path;
if ($path !== '/' && is_file($file)) {
    return false;
}
$script = rtrim($file, '/') . '/index.php';
if (!is_file($script)) {
    $script = "$site/index.php";
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = substr($script, strlen($site));
chdir(dirname($script));
require $script;
