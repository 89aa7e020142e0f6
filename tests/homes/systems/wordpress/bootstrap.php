<?php
// Installs WordPress and its users. Reads {login: password} from stdin, writes {login: application password}.
$_SERVER += ['HTTP_HOST' => '127.0.0.1:@PORT@', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/'];
define('WP_INSTALLING', true);
require __DIR__ . '/site/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

// a role that may see private pages and change nothing
const MEMBER = ['read' => true, 'read_private_pages' => true, 'read_private_posts' => true];
const ROLES = ['bot' => 'editor', 'reader' => 'subscriber', 'member' => 'member', 'author' => 'author'];

$passwords = json_decode(stream_get_contents(STDIN), true);
add_filter('pre_wp_mail', '__return_true');
wp_install('Events', 'admin', 'admin@example.org', false, '', $passwords['admin']);

global $wp_rewrite;
$wp_rewrite->set_permalink_structure('/%postname%/');
$wp_rewrite->flush_rules(false);
update_option('timezone_string', 'Europe/Zurich');
add_role('member', 'Member', MEMBER);

$ids = ['admin' => get_user_by('login', 'admin')->ID];
foreach (ROLES as $login => $role) {
    $ids[$login] = wp_insert_user([
        'user_login' => $login,
        'user_pass' => $passwords[$login],
        'user_email' => "$login@example.org",
        'role' => $role,
    ]);
}

$tokens = [];
foreach ($ids as $login => $id) {
    [$tokens[$login]] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'zoom_ops']);
}
echo json_encode($tokens);
