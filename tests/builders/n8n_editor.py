"""n8n's editor in a browser: what a maker does with the mouse and the keyboard, by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builders.patience import PATIENCE_MS, find_middle, wait_until_still
from patience import wait_until
from playwright.sync_api import Locator, Page, expect

#: Longer than n8n waits before it takes what was typed, in milliseconds.
_TAKEN_MS = 1500


class Editor:
    """The editor of the n8n at `url`, open in `page`."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url
        page.set_default_timeout(PATIENCE_MS)

    def sign_in(self, email: str, password: str) -> None:
        """Signs in on the page that n8n shows to strangers."""
        self.page.goto(f"{self._url}/signin")
        self.page.locator("input[name='emailOrLdapLoginId']").fill(email)
        self.page.locator("input[name='password']").fill(password)
        self.find("form-submit-button").click()
        self.find("main-sidebar-settings").wait_for()

    def start_workflow(self) -> None:
        """Opens a new workflow that a button starts."""
        self.page.goto(f"{self._url}/workflow/new")
        self.find("canvas-add-button").click()
        self._search("Manual Trigger").filter(has_text="Manual Trigger").click()
        self.find("canvas-trigger-node").wait_for()

    def start_with(self, node: str, event: str) -> None:
        """Opens a new workflow that one of a node's triggers starts, and shows its form."""
        self.page.goto(f"{self._url}/workflow/new")
        self.find("canvas-add-button").click()
        self._open_actions(node)
        self._choose_action(event)

    def show_workflow(self, workflow_id: str) -> None:
        """Opens a workflow that is saved."""
        self.page.goto(f"{self._url}/workflow/{workflow_id}")
        self.find("canvas-node").first.wait_for()

    def find(self, name: str) -> Locator:
        """What n8n itself calls `name`."""
        return self.page.locator(f"[data-test-id='{name}']")

    def node(self, name: str) -> Locator:
        """A node on the canvas."""
        return self.page.locator(f"[data-test-id='canvas-node'][data-node-name='{name}']")

    def show_actions(self, node: str) -> Locator:
        """Finds a node in the list of all nodes and opens it: the rows of its actions."""
        self.find("node-creator-plus-button").click()
        return self._open_actions(node)

    def sections(self) -> list[str]:
        """The headings in the list of actions that is open."""
        heads = self.page.locator("[data-test-id='item-iterator-item']:not([data-keyboard-nav-type])")
        return [text.strip() for text in heads.all_text_contents()]

    def add_plain(self, node: str) -> None:
        """Puts a node that has no actions behind the selected one, and shows its form."""
        self.find("node-creator-plus-button").click()
        self._search(node).filter(has=self.page.get_by_text(node, exact=True)).first.click()
        expect(self.find("ndv")).to_be_visible()

    def add(self, node: str, action: str) -> None:
        """Puts an action behind the selected node, and shows its form."""
        self.show_actions(node)
        self._choose_action(action)

    def zoom_to_fit(self) -> None:
        """Shows the whole workflow."""
        self.find("zoom-to-fit").click()
        # The canvas glides there.
        wait_until_still(self.find("canvas-node").last)

    def tidy_up(self) -> None:
        """Has n8n put the nodes in order, and shows them all."""
        self.find("tidy-up-button").click()
        self.zoom_to_fit()

    def drag_from(self, source: str, right: int, down: int, node: str, action: str) -> None:
        """Drags a wire from a node's output to an empty place, `right` and `down` of it (px), for an action there."""
        x, y = find_middle(self.node(source).locator("[data-test-id='canvas-handle-plus']"))
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + right, y + down, steps=12)
        mouse.up()
        self._open_actions(node)
        self._choose_action(action)

    def open(self, node: str) -> None:
        """Opens a node's form."""
        self.node(node).dblclick()
        self.find("ndv").wait_for()

    def close(self) -> None:
        """Closes the form; n8n keeps what was entered."""
        self.find("ndv-close-button").click()
        self.find("ndv").wait_for(state="hidden")

    def parameter(self, name: str) -> Locator:
        """A parameter of the form; each entry of a list is one."""
        return self.find("ndv").locator(f"[data-test-id='parameter-input-{name}']")

    def fill(self, name: str, text: str) -> None:
        """Types a parameter's value."""
        box = self.parameter(name).locator("input").first
        box.fill(text)
        # While it is typed into, a tip covers what is below.
        box.blur()
        expect(box).to_have_value(text)

    def add_field(self, title: str) -> None:
        """Takes one of the fields that need not be given into the form."""
        self.find("collection-parameter-add").first.click()
        self._choose_option(title)

    def choose(self, name: str, option: str, typed: str = "") -> None:
        """Chooses from a drop-down; `typed` is what it is searched for."""
        self.parameter(name).locator("input").first.click()
        if typed:
            self.page.keyboard.type(typed)
        self._choose_option(option)

    def options(self) -> Locator:
        """What the drop-down that is open offers."""
        return self.page.locator(".el-select-dropdown__item:visible")

    def choose_way(self, name: str, way: str) -> None:
        """Chooses how a value is found: `list`, `url` or `id`."""
        self._locator(name).locator("[data-test-id='rlc-mode-selector']").click()
        self.page.locator(f"[data-test-id='mode-{way}']:visible").click()

    def find_value(self, name: str, text: str) -> None:
        """Types a value that is found by a link or an id."""
        box = self._locator(name).locator("[data-test-id='rlc-input'] input, input[data-test-id='rlc-input']")
        box.fill(text)
        box.blur()
        expect(box).to_have_value(text)

    def open_list(self, name: str) -> Locator:
        """Shows the list that a value is chosen from: its entries."""
        self._locator(name).locator("[data-test-id='rlc-input-container']").click()
        return self.find("rlc-item")

    def search_list(self, text: str) -> None:
        """Searches the list that is open."""
        self.find("rlc-search").fill(text)

    def open_ticks(self, name: str) -> None:
        """Shows what can be ticked, once n8n has it."""
        expect(self.parameter(name).locator("input").last).to_be_enabled()
        self.parameter(name).locator(".el-select").click()

    def ticked(self, name: str) -> Locator:
        """What was ticked of the values of a list."""
        return self.parameter(name).locator(".el-tag")

    def pick_moment(self, name: str, date: str, time: str) -> None:
        """Picks date and time in n8n's picker."""
        self.parameter(name).locator("input").first.click()
        panel = self.page.locator(".el-picker-panel:visible")
        for box, text in (("Select date", date), ("Select time", time)):
            field = panel.get_by_placeholder(box, exact=True)
            field.click()
            field.fill(text)
            field.press("Enter")
        panel.get_by_role("button", name="OK", exact=True).last.click()
        panel.wait_for(state="hidden")

    def switch(self, name: str) -> None:
        """Turns a switch."""
        self.parameter(name).locator(".el-switch").click()

    def add_entry(self, name: str, text: str) -> None:
        """Adds an entry to a list, in the box that is empty if there is one."""
        boxes = self.parameter(name).locator("input")
        if not boxes.count() or boxes.last.input_value():
            count = boxes.count()
            self.find("ndv").get_by_role("button", name="Add Value").click()
            expect(boxes).to_have_count(count + 1)
        entry = boxes.last
        entry.fill(text)
        entry.blur()
        expect(entry).to_have_value(text)

    def write_entry(self, name: str, text: str) -> None:
        """Adds an entry to an empty list and makes an expression of it."""
        self.find("ndv").get_by_role("button", name="Add Value").click()
        # What begins with = n8n takes for an expression, and puts the braces there itself, a little later.
        self.parameter(name).locator("input").press_sequentially("=")
        box = self.parameter(name).locator(".cm-content")
        expect(box).to_contain_text("{{")
        box.fill(text)
        box.blur()

    def close_with(self, node: str, **expressions: str) -> None:
        """Closes a node's form once it has kept these expressions: what n8n fills in later can take their place."""

        def is_kept() -> bool:
            self.close()
            self.open(node)
            boxes = {self.parameter(name).locator(".cm-content"): text for name, text in expressions.items()}
            lost = [(box, text) for box, text in boxes.items() if box.inner_text() != text]
            for box, text in lost:
                box.fill(text)
                box.blur()
                # n8n takes what was typed after a pause of its own; a form that closes before has never seen it.
                self.page.wait_for_timeout(_TAKEN_MS)
            return not lost

        wait_until(is_kept)
        self.close()

    def write_expression(self, name: str, text: str) -> None:
        """Makes an expression of a parameter, and types it."""
        options = self.find(f"{name}-parameter-input-options-container")
        options.locator("xpath=ancestor::label").hover()
        options.locator("[data-test-id='radio-button-expression']").click()
        box = self.parameter(name).locator(".cm-content")
        box.fill(text)
        box.blur()

    def list_of(self, name: str) -> Locator:
        """Opens the list of what a field may hold, and gives what it offers."""
        self.find(f"resource-locator-{name}").locator("[data-test-id='rlc-input']").click()
        offered = self.find("rlc-item")
        offered.first.wait_for()
        return offered

    def choose_credential(self, name: str) -> None:
        """Chooses one of the credentials that there are."""
        self.chosen_credential().click()
        items = self.page.locator("[data-test-id^='node-credentials-select-item']:visible")
        items.filter(has=self.page.get_by_text(name, exact=True)).click()

    def chosen_credential(self) -> Locator:
        """The box that shows which credential the node has."""
        return self.find("node-credentials-select").locator("input")

    def start_credential(self) -> None:
        """Begins a new credential from the open form."""
        self.chosen_credential().click()
        self.find("node-credentials-select-item-new").click()
        self.credential().wait_for()

    def open_credential(self) -> None:
        """Shows the credential of the open form."""
        self.find("credential-edit-button").click()
        self.credential().wait_for()

    def fill_credential(self, values: Mapping[str, str]) -> None:
        """Types into the credential on the screen and saves it, which tests it too."""
        for name, value in values.items():
            self._fill_field(self.credential().locator(f"[data-test-id='parameter-input-{name}'] input"), value)
        self.find("credential-save-button").click()

    def _fill_field(self, field: Locator, value: str) -> None:
        # The editor puts a default in when it comes to it, in the midst of typing too.
        def is_filled() -> bool:
            field.fill(value)
            return field.input_value() == value

        wait_until(is_filled)

    def retry_credential(self) -> None:
        """Has the credential on the screen tested."""
        with self.page.expect_response("**/rest/credentials/test"):
            self.credential().get_by_role("button", name="Retry").click()

    def credential(self) -> Locator:
        """The credential on the screen."""
        return self.find("editCredential-modal")

    def close_credential(self) -> None:
        """Closes the credential on the screen."""
        self.credential().get_by_role("button", name="Close this dialog").click()
        self.credential().wait_for(state="hidden")

    def execute_step(self) -> None:
        """Runs the node whose form is open, and those before it that have not run."""
        with self.page.expect_response("**/rest/workflows/*/run*"):
            self.find("node-execute-button").first.click()

    def execute(self) -> None:
        """Runs the workflow."""
        with self.page.expect_response("**/rest/workflows/*/run*"):
            self.find("execute-workflow-button").last.click()

    def wires(self) -> Locator:
        """The wires on the canvas."""
        return self.find("edge-label")

    def notes(self) -> Locator:
        """What n8n says in a corner for some seconds."""
        return self.page.locator(".el-notification")

    def succeeded(self) -> Locator:
        """The nodes on the canvas that ran well."""
        return self.find("canvas-node-status-mark-success")

    def issues(self, name: str) -> Locator:
        """The mark at a parameter that n8n itself finds fault with."""
        return (
            self.parameter(name)
            .locator("xpath=ancestor::*[@data-test-id='parameter-input'][1]")
            .locator("[data-test-id='parameter-issues']")
        )

    def output(self) -> Locator:
        """The panel that shows what the node gave."""
        return self.find("output-panel")

    def show_output(self, view: str) -> None:
        """Shows the output as `Schema`, `Table` or `JSON`."""
        self.output().get_by_text(view, exact=True).first.click()

    def items(self) -> list[dict[str, Any]]:
        """The items that the open form's node gave, read off the table of its output."""
        self.show_output("Table")
        table = self.output().locator("table")
        table.wait_for()
        heads = [text.strip() for text in table.locator("thead th").all_inner_texts()]
        rows = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
        return [{head: text.strip() for head, text in zip(heads, row, strict=False) if head} for row in rows]

    def shoot(self, path: Path) -> None:
        """Takes a picture once no passing note is in the way."""
        while count := self.notes().count():
            self.notes().first.locator(".el-notification__closeBtn").click()
            expect(self.notes()).not_to_have_count(count)
        self.page.mouse.move(2, 2)
        wait_until_still(self.page.locator("#app"))
        self.page.screenshot(path=path)

    def _locator(self, name: str) -> Locator:
        return self.find("ndv").locator(f"[data-test-id='resource-locator-{name}']")

    def _search(self, text: str) -> Locator:
        self.find("node-creator-search-bar").fill(text)
        return self.find("item-iterator-item")

    def _open_actions(self, node: str) -> Locator:
        self._search(node).filter(has=self.page.get_by_text(node, exact=True)).click()
        rows = self.page.locator("[data-keyboard-nav-type='action']")
        rows.first.wait_for()
        return rows

    def _choose_action(self, action: str) -> None:
        self.find("item-iterator-item").filter(has=self.page.get_by_text(action, exact=True)).click()
        expect(self.find("ndv")).to_be_visible()

    def _choose_option(self, text: str) -> None:
        self.options().filter(has=self.page.get_by_text(text, exact=True)).click()
