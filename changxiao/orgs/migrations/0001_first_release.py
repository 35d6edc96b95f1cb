import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('orgs', '0001_initial'),
        ('orgs', '0002_report_link'),
        ('orgs', '0003_stand_in'),
        ('orgs', '0004_download'),
        ('orgs', '0005_role_covers'),
        ('orgs', '0006_camera_tokens'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ThrottleCount',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('slot', models.BigIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('until', models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='ThrottleRule',
            fields=[
                ('scope', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='范围')),
                ('limit', models.PositiveIntegerField(verbose_name='次数')),
                ('window', models.PositiveIntegerField(verbose_name='秒数')),
            ],
            options={
                'ordering': ['scope'],
                'constraints': [models.CheckConstraint(condition=models.Q(('window__gt', 0)), name='orgs_throttlerule_window')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_date', models.DateField(verbose_name='起始日期')),
                ('until_date', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                ('code', models.CharField(max_length=32, unique=True, verbose_name='代码')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
                ('kind', models.CharField(choices=[('office', '机关'), ('supervision_center', '监督中心'), ('command_center', '指挥中心'), ('department', '处置部门'), ('oversight_department', '主管部门'), ('subcenter', '区中心'), ('subdistrict', '街道'), ('squad', '班组'), ('maintenance_contractor', '管养单位'), ('owner_unit', '权属单位')], db_index=True, max_length=24, verbose_name='类别')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='orgs.unit')),
                ('path', models.CharField(max_length=120, unique=True, verbose_name='层级')),
                ('oversight', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='overseen', to='orgs.unit')),
                ('area_code', models.CharField(blank=True, default='', max_length=24, verbose_name='区划代码')),
                ('window_kind', models.CharField(choices=[('office', '机关作息'), ('sanitation', '环卫作息'), ('night', '夜班作息')], default='office', max_length=12, verbose_name='作息')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='orgs.unit')),
                ('generated', models.BooleanField(default=False, verbose_name='示例数据')),
            ],
            options={
                'ordering': ['path'],
                'abstract': False,
                'indexes': [models.Index(fields=['area_code'], name='orgs_unit_area')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_date__isnull', True), ('until_date__gte', models.F('since_date')), _connector='OR'), name='orgs_unit_days_in_order'), models.CheckConstraint(condition=models.Q(('successor__isnull', True), ('until_date__isnull', False), _connector='OR'), name='orgs_unit_with_successor_has_ended')],
            },
        ),
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=64, unique=True, verbose_name='用户名')),
                ('name', models.CharField(max_length=64, verbose_name='姓名')),
                ('phone', models.CharField(blank=True, default='', max_length=32, verbose_name='电话')),
                ('email', models.EmailField(blank=True, default='', max_length=254, verbose_name='邮箱')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='orgs.unit', verbose_name='单位')),
                ('is_active', models.BooleanField(default=True, verbose_name='在职')),
                ('must_change_password', models.BooleanField(default=False, verbose_name='须改密码')),
                ('password_changed_at', models.DateTimeField(blank=True, null=True, verbose_name='密码修改时间')),
                ('session_epoch', models.PositiveIntegerField(default=0, verbose_name='会话批次')),
                ('generated', models.BooleanField(default=False, verbose_name='示例数据')),
            ],
            options={
                'verbose_name': '人员',
                'verbose_name_plural': '人员',
                'ordering': ['username'],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='摘要')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(choices=[('api', '业务接口'), ('open311', 'Open311'), ('camera', '摄像机')], default='api', max_length=8, verbose_name='用途')),
                ('name', models.CharField(blank=True, default='', max_length=80, verbose_name='名称')),
                ('created_at', models.DateTimeField(verbose_name='签发时间')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='最近使用')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='到期时间')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='吊销时间')),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PastPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past_passwords', to=settings.AUTH_USER_MODEL)),
                ('encoded', models.CharField(max_length=160)),
                ('set_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-set_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DutyRoster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rosters', to='orgs.unit')),
                ('date', models.DateField(verbose_name='日期')),
                ('shift', models.CharField(choices=[('day', '白班'), ('night', '夜班'), ('all_day', '全天')], max_length=8, verbose_name='班次')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rosters', to=settings.AUTH_USER_MODEL)),
                ('phone', models.CharField(blank=True, default='', max_length=32, verbose_name='值班电话')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'date', 'shift', 'staff'), name='orgs_dutyroster_once')],
            },
        ),
        migrations.CreateModel(
            name='ContractSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_date', models.DateField(verbose_name='起始日期')),
                ('until_date', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                ('contract_number', models.CharField(max_length=64, verbose_name='合同编号')),
                ('section', models.CharField(max_length=64, verbose_name='标段')),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='orgs.unit')),
                ('oversight', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overseen_sections', to='orgs.unit')),
                ('area_codes', models.JSONField(default=list, verbose_name='区划代码')),
                ('work', models.CharField(blank=True, default='', max_length=120, verbose_name='管养内容')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('until_date__isnull', True), ('until_date__gte', models.F('since_date')), _connector='OR'), name='orgs_contractsection_days_in_order'), models.UniqueConstraint(fields=('contract_number', 'section'), name='orgs_contractsection_once')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_date', models.DateField(verbose_name='起始日期')),
                ('until_date', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                ('post', models.CharField(choices=[('collector', '监督员'), ('intake', '受理员'), ('shift_leader', '值班长'), ('center_director', '监督中心主任'), ('dispatcher', '派遣员'), ('command_director', '指挥中心主任'), ('handler', '处置人员'), ('unit_lead', '处置部门负责人'), ('inspector', '督查员'), ('leader', '领导'), ('city_admin', '系统管理员'), ('security_admin', '安全管理员'), ('auditor', '审计员')], max_length=24, verbose_name='岗位')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='orgs.unit')),
                ('stands_in_for', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stood_in', to=settings.AUTH_USER_MODEL)),
                ('area_code', models.CharField(blank=True, default='', max_length=24, verbose_name='区域')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['post', 'unit'], name='orgs_appointment_post')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_date__isnull', True), ('until_date__gte', models.F('since_date')), _connector='OR'), name='orgs_appointment_days_in_order'), models.CheckConstraint(condition=models.Q(('post__in', ['collector', 'intake', 'shift_leader', 'center_director', 'dispatcher', 'command_director', 'handler', 'unit_lead', 'inspector', 'leader', 'city_admin', 'security_admin', 'auditor'])), name='orgs_appointment_post_known'), models.CheckConstraint(condition=models.Q(('stands_in_for__isnull', True), ('until_date__isnull', False), _connector='OR'), name='orgs_appointment_stand_in_ends'), models.UniqueConstraint(condition=models.Q(('until_date__isnull', True)), fields=('staff', 'post', 'unit', 'area_code'), name='orgs_appointment_once'), models.UniqueConstraint(condition=models.Q(('unit__isnull', True), ('until_date__isnull', True)), fields=('staff', 'post', 'area_code'), name='orgs_appointment_city_once'), models.UniqueConstraint(condition=models.Q(('post__in', ('city_admin', 'security_admin', 'auditor')), ('until_date__isnull', True)), fields=('staff',), name='orgs_appointment_one_administrator'), models.CheckConstraint(condition=models.Q(models.Q(('post__in', ('city_admin', 'security_admin', 'auditor')), _negated=True), models.Q(('area_code', ''), ('unit__isnull', True)), _connector='OR'), name='orgs_appointment_administrators_city_wide')],
            },
        ),
        migrations.CreateModel(
            name='UnitName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_date', models.DateField(verbose_name='起始日期')),
                ('until_date', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='orgs.unit')),
                ('name', models.CharField(max_length=120, verbose_name='名称')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('until_date__isnull', True), ('until_date__gte', models.F('since_date')), _connector='OR'), name='orgs_unitname_days_in_order'), models.UniqueConstraint(condition=models.Q(('until_date__isnull', True)), fields=('unit',), name='orgs_unitname_one_now')],
            },
        ),
        migrations.CreateModel(
            name='UnitRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_date', models.DateField(verbose_name='起始日期')),
                ('until_date', models.DateField(blank=True, null=True, verbose_name='失效日期')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='orgs.unit')),
                ('role', models.CharField(choices=[('head', '一把手'), ('deputy', '分管领导'), ('liaison', '联络员')], max_length=8, verbose_name='责任')),
                ('line', models.CharField(blank=True, default='', max_length=60, verbose_name='分管线')),
                ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unit_roles', to=settings.AUTH_USER_MODEL)),
                ('covers', models.ManyToManyField(blank=True, related_name='+', to='orgs.unit', verbose_name='分管单位')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('until_date__isnull', True), ('until_date__gte', models.F('since_date')), _connector='OR'), name='orgs_unitrole_days_in_order'), models.UniqueConstraint(condition=models.Q(('until_date__isnull', True)), fields=('unit', 'role', 'line'), name='orgs_unitrole_one_now'), models.CheckConstraint(condition=models.Q(('role', 'deputy'), ('line', ''), _connector='OR'), name='orgs_unitrole_only_deputies_by_line')],
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='downloads', to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(max_length=24, verbose_name='列表')),
                ('wanted', models.JSONField(default=dict, verbose_name='筛选')),
                ('language', models.CharField(max_length=10, verbose_name='语言')),
                ('state', models.CharField(choices=[('waiting', '排队中'), ('running', '生成中'), ('ready', '可下载'), ('failed', '未能生成')], db_index=True, default='waiting', max_length=8, verbose_name='进度')),
                ('total', models.PositiveIntegerField(verbose_name='行数')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='已写')),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                ('started_at', models.DateTimeField(null=True, verbose_name='开始时间')),
                ('beat_at', models.DateTimeField(null=True, verbose_name='最近进展')),
                ('expires_at', models.DateTimeField(db_index=True, verbose_name='到期时间')),
            ],
            options={
                'verbose_name': '下载',
                'ordering': ['-asked_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('done__lte', models.F('total'))), name='orgs_download_done')],
            },
        ),
        migrations.CreateModel(
            name='ReportLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='report_links', to=settings.AUTH_USER_MODEL)),
                ('date', models.DateField(verbose_name='日期')),
                ('issued_at', models.DateTimeField(verbose_name='签发时间')),
                ('expires_at', models.DateTimeField(verbose_name='到期时间')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='吊销时间')),
            ],
            options={
                'verbose_name': '日报链接',
                'ordering': ['-date', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('staff', 'date'), name='orgs_reportlink_one_a_day'), models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('issued_at'))), name='orgs_reportlink_times_in_order')],
            },
        ),
    ]
