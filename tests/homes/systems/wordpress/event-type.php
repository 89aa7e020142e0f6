<?php
/* Plugin Name: Events of example.org: a type of its own for events, as many sites have one */

const EDITED_BY = ['show_in_rest' => true, 'single' => true, 'auth_callback' => 'may_edit_events'];

function may_edit_events(): bool {
    return current_user_can('edit_pages');
}

add_action('init', function () {
    register_post_type('event', [
        'label' => 'Events',
        'public' => true,
        'show_in_rest' => true,
        'rest_base' => 'events',
        'supports' => ['title', 'editor', 'custom-fields', 'revisions'],
    ]);
    foreach (['event_start_utc', 'event_end_utc', 'event_timezone'] as $key) {
        register_post_meta('event', $key, EDITED_BY + ['type' => 'string']);
    }

    // only who may edit reads it: what `show_in_rest` shows is else shown to everybody
    $text = ['type' => 'string'];
    $recording = [
        'type' => 'object',
        'additionalProperties' => false,
        'properties' => [
            'key' => $text,
            'title' => $text,
            'url' => ['type' => 'string', 'format' => 'uri'],
            'visibility' => ['type' => 'string', 'enum' => ['public', 'members', 'managers']],
        ],
    ];
    $schema = ['context' => ['edit'], 'type' => 'array', 'items' => $recording];
    foreach (['event', 'page'] as $type) {
        register_post_meta($type, 'zoom_ops_recordings', [
            'type' => 'array',
            'default' => [],
            'show_in_rest' => ['schema' => $schema],
        ] + EDITED_BY);
    }
});
